"""The templates of ``fill`` for a form: what each does, which columns it makes, and what can be set in it."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from services.api.describing import ANSWERS, answer, tag
from services.api.desk import desk
from services.api.negotiation import language, wants_tsv
from services.api.replies import grid_of, json_reply, tsv_reply
from services.llm.prompts import Prompts
from services.tasks.fill.template import Template, templates
from services.workbook.grid import Scalar

api = APIBlueprint("templates", __name__, url_prefix="/v1/templates", abp_tags=[tag("tasks")])

_PARTED = "; "
"""What stands between several titles or settings in one cell of a form."""


class TemplateSetting(BaseModel):
    """Something of a template that a person can set."""

    name: str
    title: str
    default: str | None = Field(description="None: it has to be set.")


class TemplateLine(BaseModel):
    """One template. ``columns`` are the titles that it gives; without any the person names the columns.

    ``needs_choices`` says that the person has to say what can be chosen, ``without_model`` that it works without one.
    """

    name: str
    title: str
    what: str
    columns: list[str]
    variables: list[TemplateSetting]
    needs_choices: bool
    without_model: bool


class TemplateList(BaseModel):
    """The templates, a person's own first."""

    templates: list[TemplateLine]


@api.get("", responses={200: answer(TemplateList), **ANSWERS})
def list_templates() -> Response:
    """The templates of the task fill, told in the caller's language."""
    prompts = Prompts(desk().settings.prompts_folder)
    lines = [_line(template) for template in templates(prompts, language())]
    if not wants_tsv():
        return json_reply(TemplateList(templates=lines))
    rows: list[list[Scalar]] = [
        [
            line.name,
            line.title,
            line.what,
            _PARTED.join(line.columns),
            _PARTED.join(f"{setting.name}={setting.default or ''}" for setting in line.variables),
            line.needs_choices,
            line.without_model,
        ]
        for line in lines
    ]
    return tsv_reply({"count": len(lines)}, grid_of(list(TemplateLine.model_fields), rows))


def _line(one: Template) -> TemplateLine:
    settings = one.settings
    return TemplateLine(
        name=one.name,
        title=one.title,
        what=settings.description,
        columns=[] if settings.open else [output.title for output in one.outputs],
        variables=[TemplateSetting(**variable.model_dump()) for variable in one.variables],
        needs_choices=one.needs_choices,
        without_model=bool(settings.rules),
    )
