"""The one door to data: what a person sees follows from the contracts in whose scope they hold a role."""

from typing import Self

from django.db import models


class ContractScopedQuerySet(models.QuerySet):
    """Rows that belong to a contract; `contract_path` leads to it from the model."""

    contract_path = "contract"

    def visible_to(self, user) -> Self:
        from contracts.models.contract import Contract  # contract imports this module

        if user.is_superuser:
            return self
        return self.filter(**{f"{self.contract_path}__in": Contract.objects.visible_to(user)})
