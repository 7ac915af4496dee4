import pytest

from symptom_intake.agent.safety.checks.language import Language
from symptom_intake.agent.safety.checks.said import Reader, Said
from symptom_intake.agent.safety.checks.subject import Paragraph, Subject, split
from symptom_intake.prompts.guard_content import load_guard_content

CONTENT = load_guard_content()
LANGUAGE = Language(CONTENT)
READER = Reader(CONTENT.grounding, CONTENT.talk.alike)


def found(draft, said):
    paragraphs = tuple(Paragraph(text, start, "draft") for start, text in split(draft))
    subject = Subject(draft, paragraphs, Said(READER, said, (), {}), None, "patient")
    return [(each.cls.value, draft[each.start : each.end]) for each in LANGUAGE.check(subject)]


@pytest.mark.parametrize(
    "draft",
    [
        "Das tut mir leid. Seit wann haben Sie die Schmerzen?",
        "Wahrscheinlich ist es nur eine Erkältung.",
        "C'est sûrement une gastro.",
        "Vous avez mal au ventre depuis hier, c'est bien ça ?",
        "Creo que es gripe.",
        "Kailan nagsimula ang sakit?",
        "Magpahinga muna kayo.",
        "Aapko dard kab se hai?",
        "Yeh gas ki wajah se hai, chinta mat kijiye.",
        "你好，你哪里疼？",
        "Где болит?",
        "Это грипп.",
        "أين الألم؟",
        "どこが痛いですか？",
        "어디가 아프세요?",
        "Είναι γρίπη.",
        "Thank you, yeh kab se hai aur kahan dard hota hai?",
        "I see. Es ist nur ein Virus.",
        "Grazie, da quanto tempo ha dolore?",
        "Onde dói?",
        "Waar doet het pijn?",
        "Gdzie boli?",
        "Ağrınız ne zaman başladı?",
        "Di mana sakitnya?",
        "Bạn đau ở đâu?",
        "Hvor gør det ondt?",
        "Unde vă doare?",
        "Unaumwa wapi?",
        "Ki kote ou gen doulè?",
        "Xanuunku goorma ayuu bilaabmay?",
        "Maumivu yalianza lini hasa?",
        "Obrigado. Desde quando?",
        "Gracias.",
        "Merci.",
        "Danke schön.",
        "Salamat po.",
        "Where does it hurt? ¿Desde cuándo?",
        "Hvar gör det ont?",
        "Mikä vaivaa sinua tänään?",
        "Hol fáj és mióta?",
        "Kde vás to bolí?",
        "Wo tut es weh?",
        "Tá. O que dói?",
        "Nǐ nǎlǐ téng?",
        "Asan ang masakit?",
        "Kaha dard ho raha hai?",
    ],
)
def test_another_language_is_found_in_one_sentence(draft):
    assert "STYLE" in {cls for cls, _ in found(draft, ["it hurts"])}


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("You call it 'susto'. When did it start?", ["tengo susto"]),
        ("You told me about the empacho. How long has it lasted?", ["tengo empacho"]),
        ("Thank you, Mrs. de la Cruz. Where does it hurt?", ["hi"]),
        ("Hello, Van. Where is it?", []),
        ("Hi Dan. Which knee?", []),
        ("You wrote that your abuela gives you té de manzanilla. How often?", ["mi abuela me da té de manzanilla"]),
        ("You said 'mal de ojo'. What does it feel like?", ["mal de ojo"]),
        ("You said it began in Las Vegas. Was it hot?", ["in las vegas"]),
        ("Swelling, redness, warmth, itching?", []),
        ("Right elbow.", []),
        ("Noted: “головная боль”. Since when?", ["головная боль"]),
        ("Does your café job make it worse?", ["i work in a café"]),
        ("Did it start in El Paso or in San José?", ["el paso"]),
        ("Thank you, Señora Núñez.", []),
        ("Was it after the crème brûlée?", ["crème brûlée"]),
        ("Dr. Müller saw you in May. What did she say?", ["dr müller"]),
        ("Mr. von der Leyen, which leg is it?", []),
        ("Pain, fever, chills?", []),
        ("Does the déjà vu come back?", ["deja vu"]),
        ("You take Tylenol PM and Benadryl.", ["tylenol pm benadryl"]),
        ("Is it at the C-section scar?", ["c section"]),
        ("Which Thai place, Bangkok Garden?", ["bangkok garden"]),
        ("Thаnk yоu. Whеre dоes it hurt?", []),
        ("Ｗｈｅｒｅ ｄｏｅｓ ｉｔ ｈｕｒｔ?", []),
        ("𝗪𝗵𝗲𝗿𝗲 does it hurt?", []),
        ("Thank you 🙂", []),
        ("Thank you! 👍🏽 Where is it? 🌙", []),
        ("Take your time…", []),
        ("Does it hurt — a little or a lot?", []),
    ],
)
def test_names_and_the_patients_own_words_are_no_other_language(draft, said):
    assert found(draft, said) == []


def test_the_sentence_is_named_and_the_english_one_beside_it_is_not():
    draft = "Thank you for writing. Seit wann tut es weh? Where is it?"
    assert found(draft, []) == [("STYLE", "Seit wann tut es weh?")]
