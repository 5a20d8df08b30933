"""The environment that the manifests give is the one the services read: no name more, none missing."""

import importlib

import pytest
from pydantic_settings import BaseSettings

from tests.k8s.manifests import container_of, kustomization, name_of, of_kind, written


def read_by(service: str) -> dict[str, bool]:
    """Every variable the service reads, and whether it must be there."""
    found = vars(importlib.import_module(f"services.{service}.settings")).values()
    classes = [each for each in found if isinstance(each, type) and issubclass(each, BaseSettings)]
    return {
        f"SAMPLAN_{service.upper()}_{name.upper()}": field.is_required()
        for each in classes
        for name, field in each.model_fields.items()
    }


def given_by_config_map(service: str) -> set[str]:
    """The names in the generated ConfigMap of the service."""
    (literals,) = [
        each["literals"]
        for each in kustomization()["configMapGenerator"]
        if each["name"] == f"{service}-settings"
    ]
    return {literal.partition("=")[0] for literal in literals}


def given_to(deployment: str) -> set[str]:
    """Every variable that the Deployment's container finds."""
    (found,) = [each for each in of_kind(written(), "Deployment") if name_of(each) == deployment]
    own = {entry["name"] for entry in container_of(found)["env"]}
    return own | given_by_config_map(deployment.partition("-")[0])


DEPLOYMENTS = [name_of(each) for each in of_kind(written(), "Deployment")]


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_every_variable_given_is_one_the_service_reads(deployment: str) -> None:
    assert given_to(deployment) - read_by(deployment.partition("-")[0]).keys() == set()


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_every_variable_the_service_needs_is_given(deployment: str) -> None:
    needed = {name for name, required in read_by(deployment.partition("-")[0]).items() if required}

    assert needed - given_to(deployment) == set()
