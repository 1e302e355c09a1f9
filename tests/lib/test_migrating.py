"""Tables made together are the tables made one by one."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import CASCADE

from makegood.lib import migrating


def plan():
    key = ("id", models.BigAutoField(primary_key=True))
    shelf = migrations.CreateModel("Shelf", [key, ("name", models.CharField(max_length=9))])
    book = migrations.CreateModel("Book", [key, ("shelf", models.ForeignKey("library.Shelf", CASCADE))])
    later = migrations.AddField("Shelf", "first", models.ForeignKey("library.Book", CASCADE, null=True))
    loan = migrations.CreateModel("Loan", [key, ("book", models.ForeignKey("library.Book", CASCADE))])
    return [shelf, book, later, loan]


def migration(kind):
    return type("Made", (kind,), {"operations": plan()})("0001_initial", "library")


def test_only_neighbours_are_made_together_and_in_their_order():
    made = migration(migrating.Migration).operations
    assert [type(one).__name__ for one in made] == ["CreateModels", "AddField", "CreateModel"]
    assert made[0].describe() == "Create model Shelf; Create model Book"


def test_models_and_their_relations_come_out_the_same():
    states = []
    for kind in (migrations.Migration, migrating.Migration):
        state = ProjectState()
        assert state.apps is not None  # looked at before, as while migrating
        states.append(migration(kind).mutate_state(state, preserve=False))
    assert states[0] == states[1]
    for state in states:
        loan = state.apps.get_model("library", "Loan")
        shelf = loan._meta.get_field("book").related_model._meta.get_field("shelf").related_model
        assert shelf is state.apps.get_model("library", "Shelf")
        assert shelf._meta.get_field("first").related_model is state.apps.get_model("library", "Book")


def test_tables_are_made_and_go_again(transactional_db):
    made, empty = migration(migrating.Migration), ProjectState()
    names = {"library_shelf", "library_book", "library_loan"}
    with connection.schema_editor(atomic=True) as editor:
        made.apply(empty.clone(), editor)
    assert names <= set(connection.introspection.table_names())
    with connection.schema_editor(atomic=True) as editor:
        made.unapply(empty.clone(), editor)
    assert not names & set(connection.introspection.table_names())
