"""The examples of the API's description are what the API answers."""

from tests.integration.api import example_story


def test_the_story_is_told_again_to_the_letter() -> None:
    assert example_story.FILE.read_text(encoding="utf-8") == example_story.text(), (
        "run: python -m tests.integration.api.example_story, then quantleap openapi --output docs/openapi.json"
    )
