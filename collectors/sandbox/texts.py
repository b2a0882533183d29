"""The words of the made practice: health tips by topic, in English and some in Spanish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.sandbox.dice import Dice


@dataclass(frozen=True, slots=True)
class TopicTexts:
    """One topic's tips and tags, and the page of the practice's site about it."""

    tips: Sequence[str]
    tips_es: Sequence[str]
    tags: Sequence[str]
    page: str


TOPICS: Mapping[str, TopicTexts] = {
    "flu": TopicTexts(
        (
            "A flu shot takes ten minutes and protects you for the whole season.",
            "Flu is more than a bad cold: fever, aches and a cough that come on fast.",
            "It takes about two weeks after a flu shot for protection to build up.",
            "Stay home until you have been free of fever for 24 hours after the flu.",
            "Pregnant? A flu shot protects you and your baby in the first months.",
        ),
        (
            "La vacuna contra la gripe tarda unas dos semanas en protegerle.",
            "La gripe llega de golpe: fiebre, dolor de cuerpo y tos. Descanse y beba líquidos.",
        ),
        ("#Flu", "#FluShot"),
        "flu",
    ),
    "vaccines": TopicTexts(
        (
            "Starting school soon? Check that your child's vaccines are up to date.",
            "Adults need vaccines too: tetanus, shingles and pneumonia by age and history.",
            "Lost your vaccination card? We can look up most records for you.",
            "A sore arm after a vaccine is common and gone in a day or two.",
        ),
        ("¿Están al día las vacunas de sus hijos? Traiga la cartilla a la consulta.",),
        ("#Vaccines", "#Immunization"),
        "vaccines",
    ),
    "diabetes": TopicTexts(
        (
            "An A1C test shows your blood sugar over the last three months. When was yours?",
            "Living with diabetes? Check your feet every evening for small cuts.",
            "Prediabetes can be turned around: 150 minutes of walking a week helps a lot.",
            "Keep a fast source of sugar with you if you take insulin for diabetes.",
        ),
        (
            "Si vive con diabetes, revise sus pies cada noche.",
            "Una caminata después de comer ayuda a bajar el azúcar en la sangre.",
        ),
        ("#Diabetes", "#A1C"),
        "diabetes",
    ),
    "sleep": TopicTexts(
        (
            "Can't fall asleep? Put the phone in another room an hour before bed.",
            "Loud snoring and morning headaches can be signs of sleep apnea. Ask us.",
            "Keep the same wake-up time on weekends: your sleep will thank you.",
            "Caffeine after 2 p.m. can still be in your blood at bedtime. Sleep better without.",
        ),
        ("¿Le cuesta dormir? Apague las pantallas una hora antes de acostarse.",),
        ("#Sleep", "#SleepWell"),
        "sleep",
    ),
    "blood pressure": TopicTexts(
        (
            "Sit quietly for five minutes before you measure your blood pressure.",
            "High blood pressure has no symptoms. One reading a year tells you more than a guess.",
            "Most of the salt that raises blood pressure hides in bread, cheese and soup.",
            "Bring your home blood pressure cuff: we check it against ours for free.",
        ),
        ("Mida su presión arterial sentado, en calma y siempre a la misma hora.",),
        ("#BloodPressure", "#HeartHealth"),
        "blood-pressure",
    ),
    "mental health": TopicTexts(
        (
            "Feeling low for more than two weeks? Talk to us. Depression can be treated.",
            "Anxiety before a visit is common. Tell us, and we will take it slowly.",
            "A ten-minute walk outside can take the edge off a hard day. Mental health counts.",
            "If you are thinking about suicide, call or text 988 at any hour. You are not alone.",
        ),
        ("La ansiedad y la depresión tienen tratamiento. Pedir ayuda es un buen primer paso.",),
        ("#MentalHealth", "#Anxiety"),
        "mental-health",
    ),
    "nutrition": TopicTexts(
        (
            "Half the plate vegetables, a quarter grains, a quarter protein: easy healthy eating.",
            "Frozen vegetables keep their vitamins. Good nutrition need not cost more.",
            "Read the label: four grams of sugar are one teaspoon.",
            "Beans are cheap, filling and full of fiber. Your diet will be better for them.",
        ),
        ("Llene medio plato de verduras: así de sencilla puede ser la buena nutrición.",),
        ("#Nutrition", "#HealthyEating"),
        "nutrition",
    ),
    "exercise": TopicTexts(
        (
            "No time for exercise? Three walks of ten minutes count as much as one of thirty.",
            "New to working out? Start low, go slow, and tell us about any chest pain.",
            "Strength training twice a week keeps bones strong at any age.",
        ),
        ("Caminar treinta minutos al día es el ejercicio que mejor funciona.",),
        ("#Exercise", "#Fitness"),
        "exercise",
    ),
    "allergies": TopicTexts(
        (
            "Pollen is highest in the morning: with allergies, air your rooms in the evening.",
            "Start your allergy medicine two weeks before the season, not after the first sneeze.",
            "Itchy eyes and no fever? It is more likely an allergy than a cold.",
        ),
        ("¿Alergia al polen? Ventile la casa por la noche y dúchese al volver.",),
        ("#Allergies", "#Pollen"),
        "allergies",
    ),
    "skin care": TopicTexts(
        (
            "A mole that changes in size, shape or color deserves a look. Book a skin check.",
            "Sunscreen works when there is enough of it: a shot glass for the whole body.",
            "Dry skin in winter? Short lukewarm showers and cream right after.",
        ),
        ("Un lunar que cambia merece una revisión. Cuide su piel.",),
        ("#SkinCare", "#SunSafety"),
        "skin",
    ),
    "back pain": TopicTexts(
        (
            "Most back pain gets better within six weeks, and faster if you keep moving.",
            "Lift with your legs and keep the box close. Your back will notice.",
            "Back pain with numbness in the legs is a reason to call us today.",
        ),
        ("El dolor de espalda mejora antes si se mantiene en movimiento.",),
        ("#BackPain", "#Posture"),
        "back-pain",
    ),
    "telehealth": TopicTexts(
        (
            "Did you know that your refill visit can be a video visit? Telehealth saves the drive.",
            "Sick child, full schedule? See us by video today. Telehealth visits until 8 p.m.",
            "For a telehealth visit you need a phone, a quiet room and your list of medicines.",
        ),
        ("Consulta por video hasta las 8 de la noche: telesalud sin salir de casa.",),
        ("#Telehealth", "#VideoVisit"),
        "telehealth",
    ),
}

OPENERS = (
    "",
    "",
    "",
    "Health tip: ",
    "Good to know: ",
    "From our nurses: ",
    "Dr. Rivera says: ",
    "Quick reminder: ",
    "Monday myth check. ",
    "You asked, we answer. ",
)
OPENERS_ES = ("", "", "Consejo de salud: ", "Bueno saberlo: ", "Desde nuestra consulta: ")
CLOSERS = (
    "",
    "",
    " Questions? Call us or ask at your next visit.",
    " Share this with someone who needs it.",
    " We are here Mon–Sat, 8–6 & by video.",
    " Save this for later 💙",
    " Tell us what works for you 👇",
    " More on our site.",
    " Your care team at Harbor Family Medicine.",
)
CLOSERS_ES = ("", " Pregunte en su próxima visita.", " Comparta este consejo 💙")
NEWS = (
    "Meet Ana, our new nurse practitioner! She speaks English, Spanish and a little Portuguese.",
    "We are closed on Monday. For anything urgent our phone line is open.",
    "Ten years of Harbor Family Medicine 🎂 Thank you for your trust.",
    "Parking behind the clinic is open again. See you soon!",
    "Our front desk team won the neighborhood quiz night. Trivia & triage!",
)
REPLIES = (
    "Thank you for asking! Please send us a message and we will find you a time.",
    "Good point, and yes: both can be given at the same visit.",
    "Sorry to hear that. Please call the front desk so that we can help.",
    "Yes, we do. Walk-ins are welcome on Saturdays from 8 to 11.",
)
SHARED = (
    ("CDCgov", "Respiratory virus season is here. Wash hands, cover coughs & stay up to date."),
    ("NIH", "New results: short walks after meals lower blood sugar in older adults."),
    ("HarborCityNews", "Free blood pressure checks at the farmers' market this Saturday 9–12."),
    ("nycHealthy", "Cooling centers are open today. Check on neighbors & drink water."),
)


def tip(dice: Dice, topic: str, spanish: bool) -> str:
    """One tip with an opener and a closer."""
    words = TOPICS[topic]
    if spanish:
        return dice.pick(OPENERS_ES) + dice.pick(words.tips_es) + dice.pick(CLOSERS_ES)
    return dice.pick(OPENERS) + dice.pick(words.tips) + dice.pick(CLOSERS)


def tags(dice: Dice, topic: str, most: int) -> str:
    """Up to so many hashtags of the topic, with a blank before each."""
    own = TOPICS[topic].tags
    return "".join(f" {tag}" for tag in own[: dice.between(0, min(most, len(own)))])
