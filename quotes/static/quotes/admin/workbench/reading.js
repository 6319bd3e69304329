/* What can be read off a text without understanding it: sentences, words, quotation marks, and guesses that a curator sees and
   mends. Places are in UTF-16 units. */

const OPENING = '“„«‹‘"';
const CLOSING = '”“»›’"';
const PAIRS = /“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|"([^"\n]+)"|‘([^‘\n]+?)’(?!\p{L})/gu;
const CUES = new RegExp('\\b(' + [
    'said', 'says', 'say', 'told', 'tells', 'added', 'adds', 'argued', 'argues', 'warned', 'warns', 'claimed', 'claims', 'called',
    'wrote', 'writes', 'replied', 'replies', 'asked', 'asks', 'noted', 'notes', 'insisted', 'insists', 'stated', 'states',
    'explained', 'explains', 'acknowledged', 'admitted', 'announced', 'suggested', 'suggests', 'criticized', 'criticised',
    'praised', 'denied', 'denies', 'promised', 'testified', 'recalled', 'responded', 'declared', 'concluded', 'believes',
].join('|') + ')\\b', 'giu');
const NEAR = 90;

function segments(text, granularity, language) {
    let segmenter;
    try {
        segmenter = new Intl.Segmenter(language || undefined, {granularity});
    } catch (error) {
        segmenter = new Intl.Segmenter(undefined, {granularity});
    }
    return segmenter.segment(text);
}

/* The sentences of a paragraph that begins at `from`, without the space around them. */
export function sentences(paragraph, from, language) {
    const found = [];
    for (const {segment, index} of segments(paragraph, 'sentence', language)) {
        const trimmed = segment.trim();
        if (trimmed) {
            const start = from + index + segment.indexOf(trimmed);
            found.push([start, start + trimmed.length]);
        }
    }
    return found;
}

/* The words of a paragraph, with the punctuation that stands at them. */
export function words(paragraph, from) {
    return [...paragraph.matchAll(/\S+/gu)].map((match) => [from + match.index, from + match.index + match[0].length]);
}

/* The selection without space, and without marks that it has at its ends alone. */
export function trimmed(text, start, end) {
    while (start < end && /\s/u.test(text[start])) { start += 1; }
    while (end > start && /\s/u.test(text[end - 1])) { end -= 1; }
    const inner = text.slice(start, end);
    const opens = OPENING.includes(inner[0]) && inner.length > 1;
    const closes = CLOSING.includes(inner.at(-1)) && inner.length > 1;
    const between = inner.slice(opens ? 1 : 0, closes ? -1 : undefined);
    if ((opens || closes) && !pairsIn(between, 0).length && !hasMark(between, opens, closes)) {
        return trimmed(text, start + (opens ? 1 : 0), end - (closes ? 1 : 0));
    }
    return [start, end];
}

/* Whether a mark inside belongs to the one at the other end. */
function hasMark(between, opens, closes) {
    return opens && closes ? false : [...between].some((sign) => '“”„«»"'.includes(sign));
}

/* What stands in complete pairs of quotation marks, without them. */
export function pairsIn(text, from) {
    return [...text.matchAll(PAIRS)].map((match) => {
        const inner = match.slice(1).find((group) => group !== undefined);
        const start = from + match.index + 1;
        return [start, start + inner.length];
    });
}

/* What a selection means: the words in the quotation marks inside it; without such, the selection itself. */
export function meant(text, start, end) {
    const inside = pairsIn(text.slice(start, end), start).filter(([from, to]) => text.slice(from, to).trim());
    return inside.length ? inside : [trimmed(text, start, end)];
}

export function isMarked(text, [start, end]) {
    return start > 0 && OPENING.includes(text[start - 1]) && end < text.length && CLOSING.includes(text[end]);
}

/* Direct: in marks, and a sentence by its capital letter; partial: a fragment in marks; indirect: without marks. */
export function kindOf(text, places) {
    const [start, end] = places[0];
    if (!isMarked(text, places[0])) {
        return pairsIn(text.slice(start, end), start).length ? 'partial' : 'indirect';
    }
    const inner = text.slice(start, end);
    const first = inner.match(/\p{L}/u)?.[0] ?? '';
    const isSentence = first === first.toUpperCase() && inner.split(/\s+/u).length > 2;
    return isSentence || places.length > 1 ? 'direct' : 'partial';
}

/* The verb of attribution that stands nearest in the same paragraph, if any stands near. */
export function cueNear(text, places) {
    const [start] = places[0];
    const [, end] = places.at(-1);
    const after = text.slice(places[0][1], places[0][1] + NEAR).split('\n')[0];
    const before = text.slice(Math.max(0, start - NEAR), start).split('\n').at(-1);
    const behind = [...after.matchAll(CUES)].find((match) => !pairsIn(after.slice(0, match.index), 0).length);
    const ahead = [...before.matchAll(CUES)].at(-1);
    const inside = isMarked(text, places[0]) ? null : text.slice(start, end).match(CUES);
    if (inside) {
        return inside[0].toLowerCase();
    }
    const distance = ahead ? before.length - ahead.index : Infinity;
    return (behind && behind.index <= distance ? behind[0] : ahead?.[0] ?? '').toLowerCase();
}

/* Of mentions (start, end, person; in the text's order) the nearest to the words, in the same paragraph. */
export function mentionNear(text, places, mentions) {
    const [start, end] = [places[0][0], places.at(-1)[1]];
    const from = text.lastIndexOf('\n', Math.max(0, start - 1)) + 1;
    const line = text.indexOf('\n', end);
    const to = line < 0 ? text.length : line;
    let best = null;
    for (const [at, stop, person] of mentions) {
        if (at < from || stop > to) {
            continue;
        }
        const isInside = places.some(([one, two]) => at >= one && stop <= two && isMarked(text, [one, two]));
        const distance = stop <= start ? start - stop : Math.max(0, at - places[0][1]);
        if (!isInside && (best === null || distance < best.distance)) {
            best = {person, distance};
        }
    }
    return best?.person ?? null;
}
