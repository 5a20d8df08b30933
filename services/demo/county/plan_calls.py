"""How the parties were called together, met, and what they said when they met again."""

from services.demo.county import codes
from services.demo.county.cases import Case
from services.demo.county.fhir import Entry, Resource, at, concept, create, ref, urn
from services.demo.county.plan_parts import by, meeting_place, named, to, unit_ref

QUESTIONS = (
    ("goals-met", "Nåddes målen?"),
    ("what-matters-met", "Har det som är viktigt för dig fått plats?"),
    ("next-step", "Vad händer nu?"),
)


def call(case: Case) -> Entry:
    """The kallelse to the other parties, with the frågeställning."""
    others = [unit_ref(one.unit) for one in case.cast.values() if one.unit != case.author.unit]
    return _message(case, "call", codes.CALL, others, case.story.question)


def invitation(case: Case) -> list[Entry]:
    """The inbjudan to a relative, who is asked and not called."""
    if not case.relative:
        return []
    text = (
        "Välkommen till ett möte om en samordnad individuell plan för {namn}. {namn} vill att du är med. "
        "Vi kommer att tala om detta: "
    )
    return [
        _message(case, "invitation", codes.INVITATION, [to(case, "relative")], text + case.story.question)
    ]


def _message(
    case: Case, part: str, category: codes.Coding, recipients: list[dict[str, str]], text: str
) -> Entry:
    message: Resource = {
        "resourceType": "Communication",
        "basedOn": [to(case, "plan")],
        "status": "completed",
        "category": [concept(category)],
        "subject": case.resident.ref(),
        "about": [to(case, "plan")],
        "sent": at(case.timeline.called, 13),
        "recipient": recipients,
        "sender": by(case.author),
        "payload": [{"contentString": case.say(text)}],
    }
    return create(named(case, part), message)


def meeting(case: Case) -> Entry:
    """The meeting: held, or booked while the plan is a draft."""
    held = case.status != "draft"
    actors = [by(one) for one in case.cast.values()] + [case.resident.ref()]
    if case.relative:
        actors.append(to(case, "relative"))
    if place := meeting_place(case):
        actors.append(ref("meeting-place", place.hsa))
    return create(
        named(case, "meeting"),
        {
            "resourceType": "Appointment",
            "status": "fulfilled" if held else "booked",
            "description": f"SIP-möte: {case.story.title}",
            "supportingInformation": [to(case, "plan")],
            "start": at(case.timeline.met, 13),
            "end": at(case.timeline.met, 14),
            "created": at(case.timeline.called, 13),
            "participant": [
                {"actor": actor, "status": "accepted" if held or number == 0 else "needs-action"}
                for number, actor in enumerate(actors)
            ],
        },
    )


def outcome(case: Case) -> Entry:
    """What was said at the follow-up, in the words of those who were there."""
    last = "Planen avslutas." if case.status == "completed" else "Planen fortsätter."
    answers = (case.say(case.story.outcome), "Ja, det mesta.", last)
    day = case.timeline.ended or case.timeline.follow_up
    return create(
        urn("case", case.key, "outcome"),
        {
            "resourceType": "QuestionnaireResponse",
            "basedOn": [to(case, "plan")],
            "questionnaire": codes.QUESTIONNAIRE_FOLLOW_UP,
            "status": "completed",
            "subject": case.resident.ref(),
            "authored": at(day, 14),
            "author": by(case.author),
            "item": [
                {"linkId": link, "text": text, "answer": [{"valueString": answer}]}
                for (link, text), answer in zip(QUESTIONS, answers, strict=True)
            ],
        },
    )
