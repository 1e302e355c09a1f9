"""Fields and the error summary: label, hint and error belong together, and the summary leads to each field."""

import re

import pytest
from django import forms
from django.template import engines


class Sample(forms.Form):
    what = forms.CharField(label="What happened?", help_text="One sentence.", widget=forms.Textarea)
    how = forms.ChoiceField(label="How bad?", widget=forms.RadioSelect, choices=[("a", "Very"), ("b", "A little")])
    team = forms.ChoiceField(label="Team", choices=[("x", "X")], required=False)
    again = forms.BooleanField(label="Again", help_text="More than once.")
    files = forms.FileField(label="Pictures", required=False)


@pytest.fixture
def html():
    source = "{% load ui %}{% error_summary form %}{% for each in form %}{% field each %}{% endfor %}"
    return engines["django"].from_string(source).render({"form": Sample({})})


def test_each_error_of_the_summary_leads_to_an_element(html):
    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert targets == ["id_what", "id_how_0", "id_again"]
    for target in targets:
        assert f'id="{target}"' in html


def test_what_describes_a_field_exists(html):
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for name in described.split():
            assert f'id="{name}"' in html


def test_labels_belong_to_their_controls(html):
    for target in re.findall(r'<label[^>]* for="([^"]+)"', html):
        assert html.count(f'id="{target}"') == 1


def test_optional_fields_say_so_and_required_ones_do_not(html):
    assert html.count("(optional)") == 2


def test_no_inline_style_or_script(html):
    assert "style=" not in html
    assert "onclick" not in html
