import pytest

from mnemic.core.errors import InputError, MissingExtra, ModelError
from mnemic.models.choose import available, choose
from mnemic.models.fake import FakeEncoder


def test_names_give_encoders():
    assert choose("static").inline
    assert choose("fake", size=16, inline=False).id.size == 16
    assert choose("openai:m", dimensions=8, revision="m-1").id.model == "openai:m"
    assert choose("openai:org/m:free", dimensions=8, revision="m").id.model == "openai:org/m:free"


def test_none_is_a_choice():
    assert choose(None) is None
    assert choose("none") is None


def test_an_encoder_is_taken_as_it_is():
    fake = FakeEncoder()
    assert choose(fake) is fake


def test_options_without_a_value_are_not_given():
    assert choose("fake", size=None).id.size == 64


@pytest.mark.parametrize("name", ["word2vec", "", "openai", "openai:", "static:", "static:x"])
def test_an_unknown_name_lists_the_choices(name):
    with pytest.raises(InputError, match=r"static, minilm, fake, openai:<model>, sentence-trans"):
        choose(name)


def test_an_unknown_option_lists_the_options():
    with pytest.raises(InputError, match=r"'fake' has no option color\. It takes size, inline"):
        choose("fake", color="red")


def test_what_cannot_be_used_says_why(tmp_path, without):
    with pytest.raises(ModelError, match="mnemic models build minilm"):
        choose("minilm", folder=tmp_path)
    without("sentence_transformers")
    with pytest.raises(MissingExtra):
        choose("sentence-transformers:m")


def test_the_list_says_what_is_there(weights, tmp_path, without):
    infos = {info.name: info for info in available(tmp_path)}
    assert infos["static"].ready
    assert 2e6 < infos["static"].bytes < 8e6
    assert not infos["minilm"].ready
    without("onnxruntime")
    assert 'pip install "mnemic[minilm]"' in [info.remedy for info in available(tmp_path)]


def test_a_built_model_is_in_the_list(weights, tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from mnemic.models.minilm_build import FOLDER, build

    absent = {info.name: info for info in available(tmp_path)}["minilm"]
    assert absent.remedy == "mnemic models build minilm"
    folder = build(weights, tmp_path / FOLDER)
    present = {info.name: info for info in available(tmp_path)}["minilm"]
    assert present.ready
    assert present.remedy is None
    assert present.where == folder
    assert present.bytes > 1000
