"""The same form sent by two processes at the same moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from contracts.enums import Role
from contracts.models import Axis
from tests.factories import make_axis, make_contract, make_membership
from tests.page_forms import form_data
from tests.people import signed_in

SENDINGS = 4


@pytest.fixture
def only_where_threads_have_their_own_connection(transactional_db):
    if connection.vendor == "sqlite":
        pytest.skip("the SQLite database of the tests is in memory: its connections share one lock and do not wait")


@pytest.mark.usefixtures("only_where_threads_have_their_own_connection")
def test_a_form_sent_at_the_same_moment_creates_one_record():
    contract = make_contract()
    user = make_membership(Role.COORDINATOR, contract=contract).user
    data = {"title": "Prévention", "color": "1", "submission": str(uuid.uuid4())}
    clients, start = [signed_in(user) for _time in range(SENDINGS)], Barrier(SENDINGS)

    def send(client):
        try:
            start.wait()
            return client.post(reverse("contracts:axis_create", args=[contract.slug]), data)
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDINGS) as pool:
        answers = list(pool.map(send, clients))

    assert [answer.status_code for answer in answers] == [302] * SENDINGS
    assert {answer.url for answer in answers} == {reverse("contracts:axes", args=[contract.slug])}
    assert Axis.objects.count() == 1


@pytest.mark.usefixtures("only_where_threads_have_their_own_connection")
def test_a_part_saved_at_the_same_moment_is_overwritten_by_nobody():
    contract = make_contract()
    axis = make_axis(contract)
    user = make_membership(Role.COORDINATOR, contract=contract).user
    clients, start = [signed_in(user) for _time in range(SENDINGS)], Barrier(SENDINGS)
    address = reverse("contracts:axis_edit", args=[contract.slug, axis.pk])
    opened = clients[0].get(address)

    def send(number):
        try:
            start.wait()
            return clients[number].post(address, form_data(opened, title=f"Titre {number}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDINGS) as pool:
        codes = [answer.status_code for answer in pool.map(send, range(SENDINGS))]

    assert sorted(codes) == [302] + [409] * (SENDINGS - 1)
    assert Axis.objects.get().title == f"Titre {codes.index(302)}"
