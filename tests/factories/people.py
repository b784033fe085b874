from itertools import count

from cls_portal.accounts.models import User

PASSWORD = "un mot de passe de test"
_numbers = count(1)


def make_user(email: str = "", **fields) -> User:
    number = next(_numbers)
    fields = {"first_name": "Camille", "last_name": f"Essai{number}"} | fields
    return User.objects.create_user(email or f"personne{number}@exemple.fr", PASSWORD, **fields)
