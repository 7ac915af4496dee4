import pytest

from symptom_intake.agent.language.tongue import is_foreign
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import TongueFile
from symptom_intake.prompts.reading import read_file


def foreign(text: str) -> bool:
    file = read_file(content_root() / "tongues.yaml", "tongues.yaml", TongueFile, [])
    assert file is not None
    tongue = file.tongues["en"]
    return is_foreign(text, frozenset(tongue.familiar), frozenset(tongue.foreign))


@pytest.mark.parametrize(
    "text",
    [
        "Me duele mucho el pecho desde ayer y no puedo dormir",
        "J'ai très mal à la tête depuis hier",
        "Ich habe seit gestern starke Schmerzen und mir ist schlecht",
        "У меня болит голова третий день",
        "头痛三天了",
        "عندي ألم في الصدر منذ الأمس",
    ],
)
def test_another_language_is_noticed(text: str) -> None:
    assert foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no idea",
        "my hed hurts so bad cant sleep",
        "metformin 500 mg, ramipril",
        "",
        "38,5",
        "chest pain",
        "naproxen",
        "la la la",
        "José",
        "hurts 😭😭😭",
        "pain in my left arm since yesterday",
        "CHEST PAIN CANT BREATHE",
        "tired dizzy weak nausea",
    ],
)
def test_english_is_english_however_terse(text: str) -> None:
    assert not foreign(text)


def test_the_word_lists_share_nothing() -> None:
    file = read_file(content_root() / "tongues.yaml", "tongues.yaml", TongueFile, [])
    assert file is not None
    assert not set(file.tongues["en"].familiar) & set(file.tongues["en"].foreign)
