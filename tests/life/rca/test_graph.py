"""The drawing of causes: no circles, arrows that all go upwards, every way to ask why."""

from hypothesis import example, given
from hypothesis import strategies as st

from makegood.life.rca import graph

KEYS = st.integers(min_value=1, max_value=14)
LINKS = st.lists(st.tuples(KEYS, KEYS), max_size=40)


def grown(wanted):
    """The links of ``wanted`` that make no circle, taken one after the other, as people add them."""
    links = []
    for cause, effect in wanted:
        if (cause, effect) not in links and not graph.would_circle(links, cause, effect):
            links.append((cause, effect))
    return links


@given(LINKS)
def test_what_is_let_in_never_goes_round_in_a_circle(wanted):
    links = grown(wanted)
    depth = {key: layer for layer, row in enumerate(graph.layers(range(1, 15), links)) for key in row}
    assert all(depth[cause] > depth[effect] for cause, effect in links)


@given(LINKS)
def test_every_cause_is_drawn_once_and_no_two_overlap(wanted):
    drawing = graph.draw(range(1, 15), grown(wanted))
    assert sorted(box.key for box in drawing.boxes) == list(range(1, 15))
    places = [(box.x, box.y) for box in drawing.boxes]
    for one in range(len(places)):
        for other in range(one):
            (x1, y1), (x2, y2) = places[one], places[other]
            assert abs(x1 - x2) >= graph.WIDTH or abs(y1 - y2) >= graph.HEIGHT
    assert all(0 <= box.x <= drawing.width - graph.WIDTH for box in drawing.boxes)
    assert all(0 <= box.y <= drawing.height - graph.HEIGHT for box in drawing.boxes)


@given(LINKS)
def test_no_arrow_runs_through_a_box(wanted):
    drawing = graph.draw(range(1, 15), grown(wanted))
    for arrow in drawing.arrows:
        ends = arrow.points[::3]
        for (x, foot), (_x, top) in zip(ends[1:-1:2], ends[2:-1:2], strict=True):
            beside = [box for box in drawing.boxes if box.y == top]
            assert beside
            assert foot == top + graph.HEIGHT
            assert all(x < box.x or x > box.x + graph.WIDTH for box in beside)


def test_many_causes_of_one_thing_stay_as_wide_as_a_page():
    drawing = graph.draw(range(1, 11), [(cause, 1) for cause in range(2, 11)])
    assert drawing.width <= graph.ABREAST * (graph.WIDTH + graph.ACROSS) + 2 * graph.EDGE
    assert len({box.y for box in drawing.boxes}) == 4


@given(LINKS)
def test_each_path_begins_with_what_happened_and_ends_where_it_began(wanted):
    links = grown(wanted)
    found = graph.paths(range(1, 15), links)
    causes, effects = {cause for cause, _effect in links}, {effect for _cause, effect in links}
    for path in found:
        assert path[0] not in causes
        assert path[-1] not in effects
        assert all((below, above) in links for above, below in zip(path, path[1:], strict=False))
    if len(found) < graph.MOST_PATHS:
        assert {path[-1] for path in found} == set(graph.leaves(range(1, 15), links))


@given(LINKS)
@example([(1, 2), (4, 1), (5, 1), (6, 2), (3, 2)])
def test_the_same_graph_is_always_drawn_the_same(wanted):
    links = grown(wanted)
    assert graph.draw(range(1, 15), links) == graph.draw(range(1, 15), list(reversed(links)))


def test_several_paths_to_one_event():
    links = [(2, 1), (3, 1), (4, 2), (4, 3)]
    assert graph.paths([1, 2, 3, 4], links) == [[1, 2, 4], [1, 3, 4]]
    assert graph.leaves([1, 2, 3, 4], links) == [4]


def test_a_chain_longer_than_python_recurses():
    links = [(key + 1, key) for key in range(1, 1200)]
    assert len(graph.layers(range(1, 1201), links)) == 1200


def test_nothing_is_drawn_of_nothing():
    assert graph.draw([], []) == graph.Drawing()
