"""What forms share, and a form with one field of each kind for the gallery."""

from django import forms

from core.errors import DomainError


class SampleForm(forms.Form):
    name = forms.CharField(label="Shop", max_length=40, help_text="As sellers know it.")
    email = forms.EmailField(label="E-mail")
    market = forms.MultipleChoiceField(
        label="Markets",
        required=False,
        choices=[("US", "United States"), ("GB", "United Kingdom"), ("VN", "Vietnam")],
        widget=forms.SelectMultiple(
            attrs={"data-tom-select": "", "data-placeholder": "Add market", "data-none": "None"}
        ),
    )
    tier = forms.ChoiceField(label="Tier", required=False, choices=[("", "Any"), ("S", "S"), ("A", "A")])
    kind = forms.ChoiceField(label="Kind", choices=[("fast", "Fast"), ("slow", "Slow")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    active = forms.BooleanField(label="Active", required=False)


def add_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """Show what a service refused: under the fields it names, else on top of the form."""
    for name, message in error.fields.items():
        if name in form.fields:
            form.add_error(name, str(message))
    if form.is_valid():
        form.add_error(None, str(error.message))
