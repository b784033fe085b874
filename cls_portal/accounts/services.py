"""Opening accounts. What a person may do, and where, is decided by the roles of `contracts`."""

from cls_portal.accounts.models import User


def reopen_account(person: User) -> None:
    """A person made inactive comes back, with the roles that nobody withdrew in the meantime."""
    person.is_active = True
    person.save(update_fields=["is_active"])


def open_account(*, email: str, first_name: str = "", last_name: str = "", job_title: str = "") -> User:
    """The account of this address. One that is already there is left as it is: its owner alone changes it.

    A new one has no password: its owner signs in by a code, then may choose one. Raises ValidationError.
    """
    known = User.objects.filter(email__iexact=email).first()
    return known or User.objects.create_user(
        email, None, first_name=first_name, last_name=last_name, job_title=job_title
    )
