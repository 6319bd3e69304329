"""The words that reporters attribute with, and those that tell names, titles and clauses apart.

English, with the commonest verbs of saying of its neighbours. A form is folded: lower case, a straight apostrophe.
"""


def word_set(table: str) -> frozenset[str]:
    """The words of a table, apart at blanks."""
    return frozenset(table.split())


def _regular(table: str) -> dict[str, str]:
    """The four forms of regular verbs, each with its base.

    >>> _regular("deny")
    {'deny': 'deny', 'denies': 'deny', 'denied': 'deny', 'denying': 'deny'}
    """
    forms: dict[str, str] = {}
    for base in table.split():
        if base.endswith("e"):
            inflected = (f"{base}s", f"{base}d", f"{base[:-1]}ing")
        elif base.endswith("y") and base[-2] not in "aeiou":
            inflected = (f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing")
        else:
            plural = "es" if base.endswith(("s", "sh", "ch", "x")) else "s"
            inflected = (f"{base}{plural}", f"{base}ed", f"{base}ing")
        forms |= dict.fromkeys((base, *inflected), base)
    return forms


def _irregular(table: str) -> dict[str, str]:
    """The forms of verbs apart at bars, the base first."""
    verbs = [verb.split() for verb in table.split("|")]
    return {form: verb[0] for verb in verbs for form in verb}


SPEECH = (
    _regular(
        """
    add answer ask argue announce assert allege acknowledge advise boast caution claim comment complain concede
    conclude confirm contend continue counter cry declare demand deny email emphasize emphasise estimate exclaim
    explain gush insist interject joke lament maintain mention mutter muse note observe pledge post predict
    promise propose recall reiterate remark repeat reply report respond retort reveal scoff scream shout sigh
    state stress suggest testify tweet urge vow warn whisper wonder worry yell chant reason recount elaborate
    opine proclaim profess sneer crow plead inform interrupt volunteer fume bellow laugh implore inquire grumble
    text read remember describe theorize tease rail decry assure offer charge indicate hope believe speculate
    """
    )
    | _irregular(
        """
    admit admits admitted admitting | agree agreed agreeing agrees | blog blogged blogging blogs | quip quipped
    quipping quips | say said saying says | snap snapped snapping snaps | tell telling tells told | write writes
    writing written wrote | swear swearing swears swore | think thinking thinks thought | hear heard hears |
    begin began begins
    """
    )
    | dict.fromkeys(
        word_set(
            """
            sagte sagt sagten erklärte erklärt betonte meinte schrieb kritisierte warnte déclare déclaré affirme affirmé
            explique dit dijo afirmó explicó declaró
            """
        ),
        "say",
    )
)
FRAMING = _regular(
    """
    call brand characterize characterise denounce dismiss criticize blast praise accuse condemn defend deem hail
    tout mock attack blame express quote cite use portray liken compare ridicule apologize reject lambaste lash
    invoke criticise bemoan
    """
) | _irregular(
    """
    dub dubbed dubbing dubs | label labeled labeling labelled labels | slam slammed slamming slams | refer
    referred referring refers
    """
)
CUES = FRAMING | SPEECH
# Verbs of two words: the first must be followed by the second.
_SECOND_WORDS = {
    "back": "fired fires hit shoots shot",
    "out": "blurted called cried point pointed pointing points spelled",
    "on": "goes going went",
    "in": "chimed cut",
    "it": "put puts",
    "up": "summed",
    "clear": "made makes",
    "of": "speaks spoke",
    "a": "voiced",
}
PHRASAL = {(first, second) for second, table in _SECOND_WORDS.items() for first in table.split()}
PARTICIPLES = frozenset(form for form in CUES if form.endswith("ing"))
# Verbs that state; those of feeling and asking say too little of what was said.
_STATING = word_set(
    """
    acknowledge add admit agree allege announce argue assert believe caution claim complain concede conclude
    confirm contend declare deny emphasise emphasize estimate explain indicate insist lament maintain note
    observe pledge predict promise reiterate report reveal say state stress suggest tell testify think vow warn
    """
)
INDIRECT_CUES = frozenset(form for form, base in SPEECH.items() if base in _STATING and not form.endswith("ing"))
# Verbs that mean much else: cues only next to a quotation.
WEAK = word_set(
    """
    began begin begins describe hear heard hears hope hopes laugh laughed laughs offer offered offers read
    reading reads think thinks thought use used uses using
    """
)
# Forms that are nouns as often as verbs: an article or a possessive before them makes them nouns.
AS_NOUNS = frozenset(
    form for form, base in CUES.items() if base not in ("say", "tell", "write") and not form.endswith(("ed", "ing"))
)
BEFORE_NOUN = word_set(
    """
    a an and any by for from her his in its many more most my new no of on or our own several some such that the
    their these this those with your
    """
)
PRONOUNS = word_set("he i it one she someone they we who you")
HE = word_set("brother chairman congressman father he him himself his husband king lord mr sir son spokesman")
SHE = word_set(
    """
    chairwoman congresswoman daughter her hers herself lady miss mother mrs ms queen she sister spokeswoman wife
    """
)
AUXILIARIES = word_set(
    """
    again already also always are be been can could did do does earlier even ever famously first further had has
    have herself himself is jokingly just later may might must never not now often once only previously quickly
    recently repeatedly reportedly should simply soon still themselves then was were will would
    """
)
CLAUSE_BREAKS = word_set(
    """
    after although and as because before but how if or since so than that though unless until what when where
    whether which while who whom whose why yet
    """
)
PREPOSITIONS = word_set(
    """
    about after again against aloud also amid among and as at back because before between but by despite during
    earlier early following for from here if in into last late later not of on once or over per recently since
    so that then there this though through to today tomorrow tonight under until upon via when where whether
    which while who whose with without yesterday
    """
)
DAYS = word_set(
    """
    April August December February Friday January July June March May Monday November October Saturday September
    Sunday Thursday Tuesday Wednesday
    """
)
TITLES = word_set(
    """
    activist adviser advisor ambassador analyst attorney author brother campaign candidate capt captain chair
    chairman chairwoman chancellor chief coach col columnist commissioner congressman congresswoman democratic
    detective director district dr executive father first former gen general gop gov governor govs host house
    judge justice king lady lawyer leader lord lt majority manager mayor member minister minority miss mr mrs ms
    nominee officer police pope president presidential prime prince princess prof professor queen rep reporter
    representative reps republican rev reverend secretary sen senate senator sens sgt sheriff sir sister speaker
    spokesman spokesperson spokeswoman state strategist then vice
    """
)
PARTICLES = word_set("abu al bin da de del den der di dos du el ibn la le ter van von")
ORGANIZED = word_set(
    """
    act administration agency alliance america american americans association avenue bank bill black board
    bureau center centre city co coalition college commission committee company congress convention corp council
    county court day debate democrats department east foundation fund group house inc institute journal kingdom
    league llc ltd ministry network new news night north office party plan post press primary program project
    republic republicans school security senate service services show south state states street super supreme
    times union united university wall west white
    """
)
COMMON = word_set(
    """
    a about absent according after again all also although an and another april are as asked at august because
    before both but by can could december despite did do does down during each earlier eight even every february
    few first five for former four friday from had has he her here his how however i if in instead into is it
    its january july june just last later let like many march may maybe meanwhile might monday more most my next
    nine no not november now october of off oh on once one only or other our out over perhaps saturday second
    see september seven several she should since six so some speaking still such sunday ten that the their then
    there these they this those though three thursday to today tomorrow tuesday two under until up was we
    wednesday well were what when where while who why will with would yes yesterday you your
    """
)
FINITE = word_set(
    """
    'd 'll 'm 're 's 've ain't am are aren't be been believe believes came can can't cannot come comes could
    couldn't deserve deserves did didn't do does doesn't don't feel feels felt gave get gets give gives go goes
    going got had hadn't has hasn't have haven't hope is isn't keep keeps know knows let lets look looked looks
    lose loses lost love loves made make makes matter matters may mean means might must need needs oppose
    opposes remain remains represent represents require requires said saw say says see seem seems sees shall
    should shouldn't stand stands support supports take takes tell think thinks thought told took understand
    want wanted wants was wasn't went were weren't will win won won't work worked works would wouldn't
    """
)
SUBJECTS = word_set(
    """
    everybody everyone he he'd he'll he's here's i i'd i'll i'm i've it it'll it's no-one nobody nothing she
    she'd she'll she's somebody someone something that that's there there's these they they'd they'll they're
    they've this those we we'd we'll we're we've what's you you'll you're you've
    """
)
NAMING = word_set("captioned dubbed entitled headlined known named nicknamed slogan so-called titled")
