import pytest

from campaigns.models import MatrixCell, TestMatrix
from campaigns.services.campaigns import campaign_move
from campaigns.services.matrices import contents_assign, matrix_create, seats_assign
from core.errors import DomainError
from tests.factories import make_shop, make_user
from tests.plans import NOON, make_campaign, make_creators, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller])


@pytest.fixture
def campaign(shop, seller):
    return make_campaign(shop, seller)


@pytest.fixture
def products(shop, seller):
    return [make_product(shop, seller) for _ in range(2)]


@pytest.fixture
def matrix(campaign, products, seller):
    return create(campaign, products, seller)


def create(campaign, products, by, styles=("Unboxing", "Story")):
    return matrix_create(campaign=campaign, name="First test", products=products, styles=styles, by=by, at=NOON)


def collaborations(campaign, seller, products, number=1):
    plan = make_plan(campaign.shop, seller, campaign=campaign, products=products)
    return seat_all(plan, make_creators(number))


def code_of(function, **arguments):
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value.code


def test_a_cell_for_each_product_in_each_style(campaign, products, seller):
    matrix = create(campaign, products, seller, [" Unboxing ", "Story", "Unboxing", ""])
    cells = [(cell.product, cell.style, cell.row, cell.column) for cell in matrix.cells.all()]
    first, second = products
    assert cells == [
        (first, "Unboxing", 1, 1),
        (first, "Story", 1, 2),
        (second, "Unboxing", 2, 1),
        (second, "Story", 2, 2),
    ]


@pytest.mark.parametrize("number", [0, 6])
def test_one_to_five_products(campaign, shop, seller, number):
    products = [make_product(shop, seller) for _ in range(number)]
    with pytest.raises(DomainError) as refused:
        create(campaign, products, seller)
    assert refused.value.code == "matrix_products"


def test_products_are_those_of_the_shop(campaign, seller):
    with pytest.raises(DomainError) as refused:
        create(campaign, [make_product(make_shop())], seller)
    assert refused.value.code == "matrix_products"


@pytest.mark.parametrize("styles", [[], [" "], [f"Style {n}" for n in range(9)], ["x" * 61]])
def test_one_to_eight_styles(campaign, products, seller, styles):
    with pytest.raises(DomainError) as refused:
        create(campaign, products, seller, styles)
    assert refused.value.code == "matrix_styles"
    assert not TestMatrix.objects.exists()


def test_seats_go_into_a_cell_and_out_again(campaign, matrix, products, seller):
    seats = [one.seat for one in collaborations(campaign, seller, products[:1], 2)]
    cell = matrix.cells.first()
    assert seats_assign(matrix=matrix, cell=cell, seat_ids=[seat.pk for seat in seats]) == 2
    assert set(cell.seats.all()) == set(seats)
    assert seats_assign(matrix=matrix, cell=None, seat_ids=[seats[0].pk]) == 1
    assert list(cell.seats.all()) == [seats[1]]


def test_a_seat_whose_plan_lacks_the_product(campaign, matrix, products, seller):
    seat = collaborations(campaign, seller, products[:1])[0].seat
    other = matrix.cells.filter(product=products[1]).first()
    assert code_of(seats_assign, matrix=matrix, cell=other, seat_ids=[seat.pk]) == "cell_product_missing"


def test_seats_of_other_campaigns_are_not_there(campaign, matrix, products, seller):
    stranger = collaborations(make_campaign(campaign.shop, seller), seller, products[:1])[0].seat
    cell = matrix.cells.first()
    assert code_of(seats_assign, matrix=matrix, cell=cell, seat_ids=[stranger.pk]) == "nothing_chosen"


def test_cells_are_those_of_the_matrix(campaign, matrix, products, seller):
    seat = collaborations(campaign, seller, products[:1])[0].seat
    foreign = create(campaign, products, seller).cells.first()
    assert code_of(seats_assign, matrix=matrix, cell=foreign, seat_ids=[seat.pk]) == "cell_unknown"


def test_contents_go_into_the_cell_of_their_product(campaign, matrix, products, seller):
    collaboration = collaborations(campaign, seller, products)[0]
    content = collaboration.contents.create(number=1, state_at=NOON, created_at=NOON, product=products[0])
    right, wrong = (matrix.cells.filter(product=product).first() for product in products)
    assert contents_assign(matrix=matrix, cell=right, content_ids=[content.pk]) == 1
    content.refresh_from_db()
    assert content.cell == right
    assert code_of(contents_assign, matrix=matrix, cell=wrong, content_ids=[content.pk]) == "cell_product_differs"
    assert contents_assign(matrix=matrix, cell=None, content_ids=[content.pk]) == 1


def test_a_closed_campaign_tests_nothing(campaign, matrix, products, seller):
    campaign_move(campaign=campaign, to="closed", by=seller)
    for function, arguments in ((seats_assign, {"seat_ids": [1]}), (contents_assign, {"content_ids": [1]})):
        assert code_of(function, matrix=matrix, cell=None, **arguments) == "campaign_not_active"
    with pytest.raises(DomainError) as refused:
        create(campaign, products, seller)
    assert refused.value.code == "campaign_not_active"
    assert MatrixCell.objects.count() == 4
