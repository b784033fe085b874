"""What a person sees and does on each page, said once for all the journeys."""

import re

from django.core import mail
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect


class Screen:
    """A page of a contract, as the person in front of it names things."""

    address = ""

    def __init__(self, page: Page, contract):
        self.page, self.contract = page, contract

    def open(self, *arguments, query: str = ""):
        self.page.goto(reverse(self.address, args=[self.contract.slug, *arguments]) + query)
        return self

    def expect_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def expect_said(self, text: str) -> None:
        expect(self.page.locator("#messages")).to_contain_text(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()


class SignIn(Screen):
    """By the code received in one's mailbox: the way of those who were invited."""

    def ask_code(self, email: str) -> str:
        self.page.goto(reverse("account_request_login_code"))
        self.page.get_by_label("Adresse électronique").fill(email)
        self.press("Envoyer le code")
        expect(self.page.get_by_label("Code reçu par courriel")).to_be_visible()
        return code_received(email)

    def come_in(self, email: str) -> None:
        self.page.get_by_label("Code reçu par courriel").fill(self.ask_code(email))
        self.press("Se connecter")
        expect(self.page.get_by_role("heading", name="Mes contrats")).to_be_visible()


def code_received(email: str) -> str:
    """In the last mail sent to this person."""
    bodies = [message.body for message in mail.outbox if email in message.to]
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", bodies[-1], re.MULTILINE).group()


class Plan(Screen):
    address = "actions:plan"

    def line(self, title: str) -> Locator:
        return self.page.locator("table.plan tbody tr", has_text=title)

    @property
    def titles(self) -> Locator:
        return self.page.locator("table.plan th.title")

    def status_link(self, title: str) -> Locator:
        return self.line(title).locator("td.state a")

    def search(self, words: str) -> None:
        self.page.get_by_label("Rechercher dans le plan").last.fill(words)
        self.press("Filtrer")

    def tick(self, *titles: str) -> None:
        for title in titles:
            self.line(title).locator('input[name="fiche"]').check()

    def change_those_ticked(self, deed: str) -> None:
        self.page.get_by_label("Que faire des fiches cochées").select_option(label=deed)
        self.press("Continuer")


class StatusForm(Screen):
    """In the line of the plan, or on a page of its own where scripts do not run."""

    def choose(self, status: str) -> None:
        self.page.get_by_role("combobox", name=re.compile("^Statut")).select_option(label=status)

    def save(self) -> None:
        self.press("Enregistrer")


class Fiche(Screen):
    address = "actions:detail"

    def fact(self, name: str) -> Locator:
        return self.page.locator("dl.facts > div").filter(has=self.page.locator("dt", has_text=name))

    @property
    def news(self) -> Locator:
        return self.page.locator("ol.timeline > li")

    def menu(self, entry: str) -> None:
        self.page.locator("summary", has_text="Autres actions").click()
        self.page.get_by_role("link", name=entry).click()


class Section(Screen):
    address = "actions:edit"

    def fill(self, **texts: str) -> None:
        for label, text in texts.items():
            self.page.get_by_label(label).fill(text)

    def difference(self, label: str) -> Locator:
        return self.page.get_by_role("group", name=label)


class News(Screen):
    address = "actions:follow_up_create"

    def choose(self, status: str, progress: str) -> None:
        self.page.get_by_role("radio", name=status, exact=True).check()
        self.page.get_by_role("radio", name=progress, exact=True).check()

    def tell(self, text: str) -> None:
        self.page.get_by_label("Faits marquants").fill(text)

    def send(self) -> None:
        self.press("Envoyer les nouvelles")


class Members(Screen):
    address = "contracts:members"

    def line(self, email: str) -> Locator:
        return self.page.locator("tbody tr", has_text=email)

    def invite(self, email: str, first_name: str, last_name: str, role: str) -> None:
        self.follow("Inviter une personne")
        self.page.get_by_label("Adresse électronique").fill(email)
        self.page.get_by_label("Prénom").fill(first_name)
        self.page.get_by_label("Nom", exact=False).last.fill(last_name)
        self.page.get_by_role("radio", name=re.compile(f"^{role}")).check()
        self.press("Envoyer l’invitation")


class Meeting(Screen):
    address = "actions:meeting"

    def part(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title)

    def menu(self, entry: str) -> None:
        self.page.locator("summary", has_text="Autres actions").click()
        self.page.get_by_role("button", name=entry).click()


class Session(Screen):
    """The notes taken during a meeting."""

    address = "actions:session"

    def notes(self, title: str) -> Locator:
        return self.page.get_by_label(f"Notes : {title}")

    def expect_saved(self, title: str) -> None:
        expect(self.page.get_by_role("region", name=title)).to_contain_text("Enregistré.")


class DecisionForm(Screen):
    address = "actions:decision_create"

    def decide(self, text: str, effect: str) -> None:
        self.page.get_by_label("Décision", exact=False).first.fill(text)
        self.page.get_by_role("radio", name=effect).check()
