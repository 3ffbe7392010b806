"""The command line: which verbs there are, and in which words they explain themselves. One file a verb.

This module imports cyclopts and nothing else of weight: a verb's own module is imported when it is called.
"""

from typing import Final, NamedTuple

from cyclopts import App, Group, Parameter

from coordinator import __version__
from coordinator.cli.helptext import Columns


class Verb(NamedTuple):
    """One command: its words, its arguments as the usage line shows them, one sentence, examples."""

    words: str
    arguments: str
    sentence: str
    examples: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where its function is."""
        module, _, rest = self.words.partition(" ")
        name = rest or module
        return f"coordinator.cli.{module}:{FUNCTIONS.get(name, name)}"


FUNCTIONS: Final = {
    "list": "list_",
    "open": "open_",
    "object": "object_",
    "after-action": "after_action",
    "roll-up": "roll_up",
}  # names that Python has no use for

_BUS: Final = "[--store DIR | --server URL --creds FILE]"
_LOG_RANGE: Final = "[--from TIME] [--to TIME]"

START: Final = Group("Start here", sort_key=1)
CONTINGENT: Final = Group("Contingents", sort_key=2)
DESK: Final = Group("Duty officers", sort_key=3)
OPERATOR: Final = Group("Operators", sort_key=4)
OFFLINE: Final = Group("Without a server", sort_key=5)
OTHER: Final = Group("Options", sort_key=6)

VERBS: Final[tuple[tuple[Group, tuple[Verb, ...]], ...]] = (
    (START, (
        Verb("demo", "[--vignette v1|v2|v3|all] [--speed N|max] [--headless] [--json]",
             "Play a day of a mission on a bus of its own, and score it.",
             ("coordinator demo", "coordinator demo --vignette v1 --speed max --headless")),
        Verb("up", f"[SERVICE...] [--mission FILE] {_BUS} [--realm live|exercise] [--json]",
             "Run the bus on this host: a server of its own and all services, until you stop it.",
             ("coordinator mission new mission.toml", "coordinator up --mission mission.toml",
              "coordinator up intake --server nats://hub:4222 --creds services.nk")),
        Verb("status", f"[--as P] {_BUS} [--json]",
             "Show which services run, how far each is, and what an acknowledgement means here.",
             ("coordinator status",)),
        Verb("doctor", "[--store DIR] [--json]",
             "Check the installation and the bus, and say what is wrong and how to mend it.",
             ("coordinator doctor",)),
    )),
    (CONTINGENT, (
        Verb("send", "FILE... --as P [--format F] [--on-behalf-of P [--speaker ROLE]] [--no-wait]",
             "Send files in the format they have; each is accepted, or refused with the reason and the mend.",
             ("coordinator send sitrep.txt --as xar", "coordinator send tracks/*.xml --as xar --format cot",
              "cat order.txt | coordinator send - --as fhq")),
        Verb("receive", "--as P [--follow] [--json]",
             "Show what was delivered to you since you last looked.",
             ("coordinator receive --as xar", "coordinator receive --as xar --follow")),
        Verb("directives list", "--as P [--json]", "List the orders that concern you, with what you said to each.",
             ("coordinator directives list --as xar",)),
        Verb("directives show", "ID --as P [--json]",
             "Show one order in full, how far each acting unit is, and what was read back otherwise.",
             ("coordinator directives show FHQ-FRAGO-03-101 --as xar",)),
        Verb("directives card", "ID --as P [--language ar|en|es|fr|ru|zh]",
             "Print one order as a card in plain language.",
             ("coordinator directives card FHQ-FRAGO-03-101 --as xfa --language ar",)),
        Verb("directives ack", "ID --as P --step STEP [--code C] [--time T] [--place P] [--task T]",
             "Acknowledge an order: received, understood, wilco, or cannot-comply with a code.",
             ("coordinator directives ack FHQ-FRAGO-03-101 --as xar --step wilco",
              'coordinator directives ack FHQ-FRAGO-03-101 --as joc --step wilco --on-behalf-of xar --speaker "S3"',
              "coordinator directives ack FHQ-FRAGO-03-101 --as xar --step wilco --time 0900Z-1300Z --place KESSA",
              "coordinator directives ack FHQ-FRAGO-03-101 --as xar --step cannot-comply --code NO-CAPACITY")),
        Verb("directives readback", "ID --as P [--time T] [--place P] [--task T] [--json]",
             "Read an order back: say when, where and what you understood, and see at once what differs.",
             ("coordinator directives readback FHQ-FRAGO-03-101 --as xar --time 0900Z-1300Z --place KESSA",)),
        Verb("liaison request", "SUBJECT --as P --to P... [--item ITEM]... [--need-by TIME] [--reply-by TIME] [--json]",
             "Ask others for help or means: what, how much, until when somebody must have taken it.",
             ('coordinator liaison request "Water for 400 people" --as xar --to xbl --to xco --item "3 water tankers"',
              'coordinator liaison request "Rescue at the compound" --as xar --to joc --precedence flash')),
        Verb("liaison answer", "ID DECISION --as P [--item REF[=N]]... [--reason TEXT] [--conditions TEXT] [--json]",
             "Answer a request, whole or by item: accept, decline with the reason, provisional, or clarify.",
             ("coordinator liaison answer xar-140400-3f2a accept --as xbl --item 1=2",
              'coordinator liaison answer xar-140400-3f2a decline --as xco --reason "fully committed until 141200Z"')),
        Verb("liaison list", "--as P [--all] [--json]",
             "List requests and sessions: who asks whom, who has it since when, what is open, until when.",
             ("coordinator liaison list --as xar",)),
        Verb("liaison show", "ID --as P [--json]",
             "Show one request with its items, promises and questions, or one session with its proposals.",
             ("coordinator liaison show xar-140400-3f2a --as xar",)),
        Verb("liaison withdraw", "ID --as P [--json]", "Withdraw your own request, or close your own session.",
             ("coordinator liaison withdraw xar-140400-3f2a --as xar",)),
        Verb("liaison open", "SUBJECT --as P --to P... [--info P]... [--finding ID]... [--reply-by TIME] [--json]",
             "Open a session: nobody but its members will know what is said in it, or that it is there.",
             ('coordinator liaison open "Relief at OP 4-7" --as fhq --to xbl --to xar --info ocha --finding 81c0',)),
        Verb("liaison propose", "SESSION --as P --text LANG=TEXT... [--name P2] [--json]",
             "Propose a text in one language or several, or the next version of a proposal.",
             ('coordinator liaison propose LN-1 --as xbl --text fr="La section reste" --text en="The section stays"',)),
        Verb("liaison agree", "SESSION PROPOSAL --as P [--rev N] [--reason TEXT] [--json]",
             "Agree to one version of a proposal, to the very text that is shown to you.",
             ("coordinator liaison agree LN-1 P2 --as xar",)),
        Verb("liaison object", "SESSION PROPOSAL --as P --reason TEXT [--rev N] [--json]",
             "Object to one version of a proposal, with the reason.",
             ('coordinator liaison object LN-1 P1 --as xbl --reason "no carriers without approval"',)),
        Verb("liaison draft", "SESSION --as P [--out FILE] [--language L]",
             "Write what all agreed to as the draft of an order, for an officer to complete and send; nothing is sent.",
             ("coordinator liaison draft LN-1 --as fhq --out order.ndjson",)),
        Verb("check", f"FILE... [--each] [--window START END]... [--since TIME] [--as P] {_BUS} [--json]",
             "Ask the running bus what an order would clash with, before it is sent; the question is logged.",
             ("coordinator check frago.txt --as fhq", "coordinator check plan-a.txt plan-b.txt --each --as fhq",
              "coordinator check frago.txt --window 140900Z 141000Z --window 141100Z 141200Z --as fhq")),
    )),
    (DESK, (
        Verb("watch", "--as DESK [--area A] [--severity S] [--plain] [--follow | --until-now] [--json]",
             "Watch the cards: what clashes, where, how long is left, who has it, what to do next.",
             ("coordinator watch --as joc", "coordinator watch --as joc --plain --severity Severe",
              "coordinator watch --as joc --until-now --json")),
        Verb("alerts list", "--as DESK [--all | --shelved | --group ID] [--json]",
             "List the cards that are open, the most pressing first; what is put aside or covered is counted.",
             ("coordinator alerts list --as joc", "coordinator alerts list --as joc --shelved")),
        Verb("alerts show", "ID --as DESK [--json]", "Show one card in full: findings, who was told, what to do.",
             ("coordinator alerts show 4f2a --as joc",)),
        Verb("alerts ack", "ID --as DESK [--group] [--seen-rev N] [--note TEXT]",
             "Acknowledge a card in the revision that you have seen.",
             ("coordinator alerts ack 4f2a --as joc", "coordinator alerts ack 4f2a --as joc --seen-rev 3",
              "coordinator alerts ack 9c01 --as joc --group",
              'coordinator alerts ack 4f2a --as joc --on-behalf-of xar --speaker "company commander"')),
        Verb("alerts take", "ID --as DESK [--note TEXT]", "Take a card and work on it; of two who do, one has it.",
             ("coordinator alerts take 4f2a --as joc",)),
        Verb("alerts escalate", "ID --as DESK --note TEXT", "Call for whoever is above, with the reason.",
             ('coordinator alerts escalate 4f2a --as joc --note "both sides refuse to move"',)),
        Verb("alerts resolve", "ID --as DESK --note TEXT --officer ROLE",
             "Close a card that only a person can end, with the reason; findings are settled or waived instead.",
             ('coordinator alerts resolve 4f2a --as joc --note "all patrols are back" --officer "watch officer"',)),
        Verb("alerts shelve", "ID --as DESK --until TIME --note TEXT",
             "Put a card aside until a time: it does not ring, counts on, and comes back at once if it changes.",
             ('coordinator alerts shelve 4f2a --as joc --until +30m --note "engineers are on their way"',)),
        Verb("alerts handover", "ID --as DESK --to P [--note TEXT]",
             "Offer a card to another desk or headquarters; you have it until it is acknowledged there.",
             ("coordinator alerts handover 4f2a --as joc --to fhq",)),
        Verb("alerts decline", "ID --as DESK [--note TEXT]", "Decline a card that was offered to you.",
             ("coordinator alerts decline 4f2a --as fhq",)),
        Verb("alerts reopen", "ID --as DESK [--note TEXT]",
             "Open a card again that was closed by hand, or bring back one that was put aside.",
             ("coordinator alerts reopen 4f2a --as joc",)),
        Verb("alerts note", "ID --as DESK --note TEXT", "Write a remark on a card; the log keeps it.",
             ('coordinator alerts note 4f2a --as joc --note "called XAR, no answer"',)),
        Verb("alerts check", "--as DESK [--area A] [--severity S]",
             "Tell a script whether a card waits for somebody: exit code 6 if one does, 0 if none.",
             ("coordinator alerts check --as joc --severity Severe || page-the-duty-officer",)),
        Verb("deliveries list", "--as DESK [--all] [--json]",
             "List how far open cards and orders are on their way to each recipient, by channel.",
             ("coordinator deliveries list --as joc",)),
        Verb("deliveries show", "--as DESK [--card ID | --order ID] [--json]",
             "Show how far one card or order is on its way: queued, sent, delivered, seen or failed.",
             ("coordinator deliveries show --card 4f2a --as joc",
              "coordinator deliveries show --order FHQ-FRAGO-03-101 --as joc")),
        Verb("channels list", "--as P [--json]",
             "List the channels of yours and of whom you direct: what waits, and what went wrong.",
             ("coordinator channels list --as xar",)),
        Verb("channels test", "NAME --as P [--json]",
             "Send a test message through one channel, and show what its bearer said; the log keeps the result.",
             ("coordinator channels test mail --as xar", "coordinator channels test xar/mail --as joc")),
        Verb("roster", f"[--mission FILE] [--at TIME] [--as P] {_BUS} [--json]",
             "Show who is on watch for each role and area, until when, and who follows.",
             ("coordinator roster", "coordinator roster --mission mission.toml --at 141800Z")),
        Verb("routes test", f"[KEY=VALUE...] [--mission FILE] [--as P] {_BUS} [--json]",
             "Explain who is told of a card, by which row, and what happens when nobody acknowledges it.",
             ("coordinator routes test severity=Severe area=KESSA party=xbl kind=conflict",
              "coordinator routes test severity=Extreme kind=medical at=140200Z --mission mission.toml")),
        Verb("casevac list", "--as DESK [--all] [--json]",
             "List the evacuations: how long each takes, how far it is, who has it, what is due next.",
             ("coordinator casevac list --as joc",)),
        Verb("casevac show", "ID --as DESK [--json]",
             "Show one evacuation: its clock and marks, who decides on the launch, and who said what when.",
             ("coordinator casevac show CASEVAC-0314-1 --as joc",)),
        Verb("returns list", "--as P [--period TIME] [--json]",
             "List who owes which report, what came when and what is missing, and how old each one's last word is.",
             ("coordinator returns list --as joc", "coordinator returns list --as sn-hq --period -24h")),
        Verb("returns roll-up", "--as HQ [--return NAME] [--period TIME] [--json]",
             "Add up the reports that you collect; each number says which reports it is from, and whose is missing.",
             ("coordinator returns roll-up --as sn-hq",
              'coordinator returns roll-up --as sn-hq --return "daily SITREP" --period -24h --json')),
        Verb("returns silence", "--as P --until TIME [--from TIME] [--json]",
             "Say that you will be silent on purpose: nobody is alarmed before it ends.",
             ("coordinator returns silence --as xar --until 141800Z",)),
        Verb("findings list", "--as P [--all] [--json]", "List the contradictions that concern you, worst first.",
             ("coordinator findings list --as joc",)),
        Verb("findings show", "ID --as P [--json]", "Show one contradiction with its proof and ways out.",
             ("coordinator findings show 81c0 --as joc",)),
        Verb("findings waive", "ID --as P --until TIME --reason TEXT [--authority TEXT] [--officer NAME] [--json]",
             "Waive one contradiction for the revisions that it is about now, until a time.",
             ('coordinator findings waive 81c0 --as joc --until 141200Z --reason "the unit escorts it"',)),
        Verb("findings digest", f"[--compare FILE] [--as P] {_BUS} [--json]",
             "Print one hash a thousand messages: two headquarters see that they found the same.",
             ("coordinator findings digest --json > here.ndjson", "coordinator findings digest --compare hq.ndjson")),
    )),
    (OPERATOR, (
        Verb("quarantine list", f"[--as P] {_BUS} [--json]", "List what was refused, and why.",
             ("coordinator quarantine list",)),
        Verb("quarantine show", f"INPUT [--as P] {_BUS} [--json]",
             "Show one refused input, the place that is wrong, and mends with what intake would say to each.",
             ("coordinator quarantine show i-5b1e",)),
        Verb("quarantine retry", f"INPUT... [--mend N | --format F | --file FILE] [--dry-run] [--as P] {_BUS} [--json]",
             "Send refused inputs through intake once more: after the rules were mended, or mended themselves.",
             ("coordinator quarantine retry i-5b1e", "coordinator quarantine retry i-5b1e --mend 1 --as joc",
              "coordinator quarantine retry i-5b1e --file mended.txt --dry-run")),
        Verb("replay",
             f"{_LOG_RANGE} [--speed N|max] [--kind K] [--as-seen-by P] [--adapter-diff [--format F]] [--json]",
             "Replay the log as it was known at the time, apart from live traffic.",
             ("coordinator replay --from 140400ZMAR27 --to 140600ZMAR27 --speed 60",
              "coordinator replay --from -2h --speed max --as-seen-by xar --json",
              "coordinator replay --from -24h --adapter-diff")),
        Verb("log stat", f"[--as P] {_BUS} [--json]", "Show how much each stream holds and how far seals vouch for it.",
             ("coordinator log stat",)),
        Verb("log show", f"[SEQ...] [--stream S] {_LOG_RANGE} [--kind K] [--limit N] [--json]",
             "Show what stands in the log.",
             ("coordinator log show --from -1h --kind directive", "coordinator log show 41 42 --json")),
        Verb("log verify", f"[--as P] {_BUS} [--json]",
             "Walk every stream beside its seals: has anybody edited or lost a message?",
             ("coordinator log verify",)),
        Verb("report after-action",
             f"{_LOG_RANGE} [--as P] [--log FILE] [--language L] [--csv FILE] {_BUS} [--json]",
             "Say how long it took to detect, deliver, answer and resolve, what came again, and what was not covered.",
             ("coordinator report after-action --as xar", "coordinator report after-action --from -24h --csv day.csv",
              "coordinator report after-action --log log.ndjson --as xar --json")),
    )),
    (OFFLINE, (
        Verb("translate", "FILE... [--from F] --to F [--losses] [--out DIR] [--json]",
             "Translate messages between formats, and list whatever a format cannot carry.",
             ("coordinator translate track.xml --to native --losses",
              "coordinator translate sitrep.txt --to native --received 140400ZMAR27",
              "coordinator translate messages.ndjson --from native --to cot > events.xml")),
        Verb("formats", "[--json]", "List the formats that can be read and written.", ("coordinator formats",)),
        Verb("schema", "[KIND] [--asyncapi]", "Print the JSON Schema of a kind of message, or the whole AsyncAPI.",
             ("coordinator schema directive", "coordinator schema --asyncapi")),
        Verb("deconflict", "FILE... [--mission FILE] [--from F] [--at TIME] [--as P] [--explain ID] [--json]",
             "Find orders that contradict each other, in files.",
             ("coordinator deconflict orders.ndjson --mission mission.toml",
              "coordinator deconflict orders.ndjson --mission mission.toml --explain 81c0")),
        Verb("mission new", "FILE [--yes]", "Write a mission file to begin with.",
             ("coordinator mission new mission.toml",)),
        Verb("mission lint", "FILE [--json]", "Check a mission file; everything wrong is found at once.",
             ("coordinator mission lint mission.toml",)),
        Verb("mission onboard", "[SAMPLE...] --as P [--mission FILE] [--format F] [--realm live|exercise] [--json]",
             "Try everything that a contingent will send and get, and print its pass sheet.",
             ("coordinator mission onboard --as xar --mission mission.toml",
              "coordinator mission onboard sitrep.txt convoy.xlsx --as xar --mission mission.toml")),
        Verb("completion", "bash|zsh|fish", "Print the completion script for your shell.",
             ("coordinator completion bash > ~/.local/share/bash-completion/completions/coordinator",)),
    )),
)  # fmt: skip

FAMILIES: Final[dict[str, str]] = {
    "directives": "Orders that concern you: list, show, acknowledge, read back.",
    "alerts": "Cards of a duty desk: list, show, acknowledge, take, escalate, put aside, hand over, close.",
    "liaison": "Requests, answers and sessions: who has it since when, what is open, what all agreed to.",
    "deliveries": "How far cards and orders are on their way: list, show.",
    "channels": "Ways in and out besides the bus: list, test.",
    "casevac": "Evacuations of casualties, with their clock: list, show.",
    "findings": "Contradictions between orders: list, show, waive, digest.",
    "returns": "Reports that come again and again: list, roll-up; and planned silence.",
    "routes": "Who is told of a card, and what happens when nobody acknowledges it: test.",
    "quarantine": "What was refused: list, show, try again.",
    "log": "What the bus has kept: how much, what, and the proof that nobody edited it.",
    "report": "What the log says of how it went: after-action.",
    "mission": "The mission file: who takes part, where things are, what does not go together.",
}
HELP: Final = "A message bus for multinational contingents: it finds contradicting orders before anybody moves."
EPILOGUE: Final = (
    "Exit codes: 0 fine, 1 failed or findings, 2 usage, 3 no connection,\n"
    "4 not permitted, 5 not found, 6 condition met, 130 interrupted.\n"
    "Data goes to standard output, everything else to standard error.\n"
)


def build() -> App:
    """Return the application with every verb registered and none imported."""
    app = App(
        name="coordinator",
        help=HELP,
        usage="Usage: coordinator COMMAND [ARGUMENTS]",
        help_epilogue=EPILOGUE,
        help_format="plaintext",
        help_formatter=Columns(),
        version=__version__,
        group_commands=OTHER,
        group_parameters=Group("Options", sort_key=50),
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
    )
    families: dict[str, App] = {}
    for group, verbs in VERBS:
        for order, verb in enumerate(verbs):
            _register(app, families, group, verb, order)
    return app


def _register(app: App, families: dict[str, App], group: Group, verb: Verb, order: int) -> None:
    first, _, rest = verb.words.partition(" ")
    parent = app
    if rest:
        if first not in families:
            usage = f"Usage: coordinator {first} COMMAND"
            families[first] = App(name=first, help=FAMILIES[first], group=group, usage=usage, sort_key=order,
                                  help_epilogue="", group_commands=Group("Commands"))  # fmt: skip
            app.command(families[first])
        parent = families[first]
    parent.command(
        verb.path,
        name=rest or first,
        group=None if rest else group,
        help=verb.sentence,
        usage=f"Usage: coordinator {verb.words} {verb.arguments}",
        help_epilogue="\n  ".join(("Examples:" if len(verb.examples) > 1 else "Example:", *verb.examples)),
        sort_key=order,
    )
