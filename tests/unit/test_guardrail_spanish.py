import pytest

from symptom_intake.agent.safety.checks.language import Language
from symptom_intake.agent.safety.checks.reader import Reader
from symptom_intake.agent.safety.checks.said import Said
from symptom_intake.agent.safety.checks.subject import Paragraph, Subject, split
from symptom_intake.prompts.guard_content import load_guard_content

CONTENT = load_guard_content()
LANGUAGE = Language(CONTENT)
READER = Reader(CONTENT.grounding, CONTENT.talk.alike)


def classes(draft, *said):
    paragraphs = tuple(Paragraph(text, start, "draft") for start, text in split(draft))
    subject = Subject(draft, paragraphs, Said(READER, said, (), {}), None, "patient")
    return {each.cls.value for each in LANGUAGE.check(subject)}


@pytest.mark.parametrize(
    ("cls", "draft"),
    [
        ("DX", "Usted tiene apendicitis."),
        ("DX", "Lo que le pasa es una gastritis."),
        ("DX", "Esto suena a piedras en la vesícula."),
        ("DX", "Se trata de un ataque de pánico."),
        ("DX", "Sus síntomas son compatibles con la gripe."),
        ("DX", "Es el corazón, señora."),
        ("DX", "Parece una neumonía, por la tos y la fiebre."),
        ("DX", "El dolor viene del nervio ciático."),
        ("DX", "Su páncreas no produce lo que debe."),
        ("DX", "Le ha dado un derrame. ¿Desde cuándo está así?"),
        ("DX", "Gracias por contarme. Tiene usted la vesícula inflamada, ¿verdad?"),
        ("DX", "¿Cuándo empezó su culebrilla?"),
        ("DXN", "No tiene cáncer."),
        ("DXN", "No es un infarto."),
        ("DXN", "Queda descartada la apendicitis."),
        ("DXN", "No hay señales de infección."),
        ("DXN", "El hueso no está roto."),
        ("DXN", "Eso no viene del corazón."),
        ("PROB", "Probablemente es algo que comió."),
        ("PROB", "Hay una probabilidad muy baja de que sea del corazón."),
        ("PROB", "Casi seguro que es muscular."),
        ("PROB", "Nueve de cada diez veces es un virus."),
        ("PROB", "Podría ser una hernia."),
        ("PROB", "Eso es típico de la migraña."),
        ("TX", "Tome una aspirina y acuéstese."),
        ("TX", "Le recomiendo usar hielo dos veces al día."),
        ("TX", "Dos pastillas cada ocho horas."),
        ("TX", "Usted necesita antibiótico."),
        ("TX", "Deje de tomar la metformina."),
        ("TX", "Un té de manzanilla le vendría bien."),
        ("REASS", "No se preocupe, eso se ve mucho."),
        ("REASS", "No es nada grave."),
        ("REASS", "A su edad eso pasa."),
        ("REASS", "Se le va a quitar solo en unos días."),
        ("REASS", "Es normal después de comer."),
        ("REASS", "Todo va a salir bien."),
        ("DISC", "No hace falta que vaya al médico."),
        ("DISC", "Espere unos días a ver cómo sigue."),
        ("DISC", "En urgencias va a perder toda la noche."),
        ("DISC", "Quédese en casa y mañana vemos."),
    ],
)
def test_a_spanish_draft_is_reported_by_what_it_says(cls, draft):
    assert {"STYLE", cls} <= classes(draft)


@pytest.mark.parametrize(
    "draft",
    [
        "¿Desde cuándo le duele la cabeza?",
        "Gracias por contarme. ¿Dónde le duele?",
        "Tómese su tiempo. ¿Qué le trae por aquí hoy?",
        "Me dijo que le duele la espalda desde el lunes. ¿Es así?",
        "¿Alguna vez le han diagnosticado diabetes o presión alta?",
        "¿Alguien en su familia ha tenido cáncer?",
        "¿Toma usted algún medicamento para la presión?",
        "¿Ha tenido fiebre o escalofríos?",
        "¿Es alérgica a la penicilina?",
        "Lamento que haya pasado una noche tan dura. ¿Cómo empezó?",
        "No puedo decirle qué es, pero el equipo leerá todo lo que me cuente.",
        "Anoté que la tos empezó hace tres días.",
        "¿Le duele más cuando sube las escaleras?",
        "Del cero al diez, ¿cuánto le duele?",
        "Hola, Carmen. Gracias por escribir.",
        "¿El dolor va y viene o está siempre ahí?",
        "¿Cómo se siente hoy?",
        "Muchas gracias. ¿Hay algo más que quiera contarme?",
        "¿Qué ha probado hasta ahora y le ayudó?",
        "Entiendo que esto le cuesta. Vamos paso a paso. ¿Con quién vive?",
    ],
)
def test_a_good_spanish_reply_is_wrong_only_in_its_language(draft):
    assert classes(draft) == {"STYLE"}


def test_a_name_that_the_patient_used_is_not_held_against_the_draft():
    assert classes("Me dijo que tiene asma. ¿Desde cuándo?", "tengo asma") == {"STYLE"}
    assert classes("Me dijo que tiene asma. ¿Desde cuándo?", "me falta el aire") == {"STYLE", "DX"}


def test_spanish_words_of_the_patient_said_back_in_english_are_fine():
    said = "me duele la barriga, le dicen empacho"
    assert classes('You wrote: "me duele la barriga". When did it start?', said) == set()
    assert classes("You call it empacho. When did the empacho begin?", said) == set()
