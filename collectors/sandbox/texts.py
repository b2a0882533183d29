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
            "Wash hands, cover coughs, get your flu shot: three small habits for a calmer winter.",
            "Flu shots are covered by most plans. Bring your card, we do the rest.",
            "High fever and trouble breathing with the flu? Call us right away.",
            "Grandma's visit coming up? A flu shot now means fewer worries then.",
        ),
        (
            "La vacuna contra la gripe tarda unas dos semanas en protegerle.",
            "La gripe llega de golpe: fiebre, dolor de cuerpo y tos. Descanse y beba líquidos.",
            "Vacúnese contra la gripe: es rápido y casi siempre gratis.",
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
            "Traveling abroad? Ask about travel vaccines six weeks before you leave.",
            "The HPV vaccine prevents cancer. It works best at 11 or 12 years.",
            "New baby in the family? Grandparents need a whooping cough vaccine too.",
        ),
        (
            "¿Están al día las vacunas de sus hijos? Traiga la cartilla a la consulta.",
            "La vacuna contra el tétanos se repite cada diez años.",
        ),
        ("#Vaccines", "#Immunization"),
        "vaccines",
    ),
    "diabetes": TopicTexts(
        (
            "An A1C test shows your blood sugar over the last three months. When was yours?",
            "Living with diabetes? Check your feet every evening for small cuts.",
            "Prediabetes can be turned around: 150 minutes of walking a week helps a lot.",
            "Keep a fast source of sugar with you if you take insulin for diabetes.",
            "Sugary drinks are the fastest way to high blood sugar. Try water with lemon.",
            "Our diabetes class starts again on Thursday at 5 p.m. Bring a friend.",
            "Thirsty all the time and tired? Have your blood sugar checked.",
        ),
        (
            "Si vive con diabetes, revise sus pies cada noche.",
            "Una caminata después de comer ayuda a bajar el azúcar en la sangre.",
            "Nuestra clase de diabetes empieza el jueves a las 5.",
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
            "Adults need seven hours of sleep or more. How many did you get?",
            "A cool, dark, quiet bedroom is the cheapest sleep aid there is.",
            "Teens sleep later because their body clock does. Help them with dim light at night.",
        ),
        (
            "¿Le cuesta dormir? Apague las pantallas una hora antes de acostarse.",
            "Dormir siete horas o más protege su corazón.",
            "Un cuarto fresco y oscuro ayuda a dormir mejor.",
        ),
        ("#Sleep", "#SleepWell"),
        "sleep",
    ),
    "blood pressure": TopicTexts(
        (
            "Sit quietly for five minutes before you measure your blood pressure.",
            "High blood pressure has no symptoms. One reading a year tells you more than a guess.",
            "Most of the salt that raises blood pressure hides in bread, cheese and soup.",
            "Bring your home blood pressure cuff: we check it against ours for free.",
            "120 over 80 is a good blood pressure to aim for. Do you know yours?",
            "Missed a dose of your blood pressure medicine? Do not double the next one.",
            "Coffee, cigarettes and a full bladder all raise a blood pressure reading.",
        ),
        (
            "Mida su presión arterial sentado, en calma y siempre a la misma hora.",
            "La presión alta no duele. Mídala una vez al año.",
        ),
        ("#BloodPressure", "#HeartHealth"),
        "blood-pressure",
    ),
    "mental health": TopicTexts(
        (
            "Feeling low for more than two weeks? Talk to us. Depression can be treated.",
            "Anxiety before a visit is common. Tell us, and we will take it slowly.",
            "A ten-minute walk outside can take the edge off a hard day. Mental health counts.",
            "If you are thinking about suicide, call or text 988 at any hour. You are not alone.",
            "Therapy is for hard weeks too, not just for crises. Ask us for a name.",
            "Check in on a friend today. One honest question can open a door. #YouAreNotAlone",
            "Stress shows in the body first: jaw, shoulders, stomach. Notice it, breathe out.",
            "Postpartum depression is common and can be treated. Please tell us.",
        ),
        (
            "La ansiedad y la depresión tienen tratamiento. Pedir ayuda es un buen primer paso.",
            "Hablar de salud mental es cuidarse. Estamos para escucharle.",
        ),
        ("#MentalHealth", "#Anxiety"),
        "mental-health",
    ),
    "nutrition": TopicTexts(
        (
            "Half the plate vegetables, a quarter grains, a quarter protein: easy healthy eating.",
            "Frozen vegetables keep their vitamins. Good nutrition need not cost more.",
            "Read the label: four grams of sugar are one teaspoon.",
            "Beans are cheap, filling and full of fiber. Your diet will be better for them.",
            "Breakfast idea: oats, an apple, a spoon of peanut butter. Nutrition in five minutes.",
            "Eat the rainbow: every color of vegetable brings its own vitamins.",
            "Reading a food label? Look at the serving size first.",
        ),
        (
            "Llene medio plato de verduras: así de sencilla puede ser la buena nutrición.",
            "Cambie el refresco por agua con limón: menos azúcar cada día.",
        ),
        ("#Nutrition", "#HealthyEating"),
        "nutrition",
    ),
    "exercise": TopicTexts(
        (
            "No time for exercise? Three walks of ten minutes count as much as one of thirty.",
            "New to working out? Start low, go slow, and tell us about any chest pain.",
            "Strength training twice a week keeps bones strong at any age.",
            "Take the stairs twice today. Small workouts add up.",
            "Balance exercises prevent falls: stand on one leg while you brush your teeth.",
            "Sore after exercise? A rest day is part of the plan.",
        ),
        (
            "Caminar treinta minutos al día es el ejercicio que mejor funciona.",
            "Subir escaleras también es ejercicio.",
        ),
        ("#Exercise", "#Fitness"),
        "exercise",
    ),
    "allergies": TopicTexts(
        (
            "Pollen is highest in the morning: with allergies, air your rooms in the evening.",
            "Start your allergy medicine two weeks before the season, not after the first sneeze.",
            "Itchy eyes and no fever? It is more likely an allergy than a cold.",
            "Shower before bed in pollen season, and your pillow stays pollen-free.",
            "A food allergy is not the same as an intolerance. Testing tells them apart.",
            "Carry your epinephrine pen, always. An allergy does not wait.",
        ),
        (
            "¿Alergia al polen? Ventile la casa por la noche y dúchese al volver.",
            "Las pruebas de alergia tardan solo media hora.",
        ),
        ("#Allergies", "#Pollen"),
        "allergies",
    ),
    "skin care": TopicTexts(
        (
            "A mole that changes in size, shape or color deserves a look. Book a skin check.",
            "Sunscreen works when there is enough of it: a shot glass for the whole body.",
            "Dry skin in winter? Short lukewarm showers and cream right after.",
            "Acne is not about dirty skin. We can help at any age.",
            "Check your skin once a month, back and scalp too. Ask someone to look.",
            "A rash with fever needs a visit the same day.",
        ),
        (
            "Un lunar que cambia merece una revisión. Cuide su piel.",
            "Use protector solar todos los días, también en invierno.",
        ),
        ("#SkinCare", "#SunSafety"),
        "skin",
    ),
    "back pain": TopicTexts(
        (
            "Most back pain gets better within six weeks, and faster if you keep moving.",
            "Lift with your legs and keep the box close. Your back will notice.",
            "Back pain with numbness in the legs is a reason to call us today.",
            "Sitting all day? Stand up every 30 minutes to prevent back pain.",
            "Heat helps a tight back, and so does a slow walk.",
            "An X-ray is rarely needed for new back pain. Movement nearly always is.",
        ),
        (
            "El dolor de espalda mejora antes si se mantiene en movimiento.",
            "Levántese cada media hora: su espalda lo agradece.",
        ),
        ("#BackPain", "#Posture"),
        "back-pain",
    ),
    "telehealth": TopicTexts(
        (
            "Did you know that your refill visit can be a video visit? Telehealth saves the drive.",
            "Sick child, full schedule? See us by video today. Telehealth visits until 8 p.m.",
            "For a telehealth visit you need a phone, a quiet room and your list of medicines.",
            "Rash, refill or result? Start with a video visit and skip the waiting room.",
            "First telehealth visit? Our front desk tests the link with you.",
            "Snow day? We see you by video. Telehealth has no parking lot.",
        ),
        (
            "Consulta por video hasta las 8 de la noche: telesalud sin salir de casa.",
            "Su primera consulta por video: le ayudamos a conectarse.",
        ),
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
    "Did you know? ",
    "Small habit, big effect: ",
    "Myth check: ",
    "Asked at the front desk this week. ",
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
    " One step at a time.",
    " Link in bio for more.",
    " Stay well, neighbors!",
    " Your future self says thanks.",
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
