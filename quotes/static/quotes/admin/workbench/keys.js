/* Which key does what, and when keys do nothing: inside inputs, with a modifier, or switched off. */

export const KEYS = [
    ['Choose words', [
        ['↓ ↑', 'select the next, the previous sentence', {ArrowDown: 'sentenceDown', ArrowUp: 'sentenceUp'}],
        ['Shift ↓ ↑', 'extend the selection by a sentence, or take one away', {'Shift+ArrowDown': 'extendDown', 'Shift+ArrowUp': 'extendUp'}],
        ['Shift → ←', 'move its end by a word', {'Shift+ArrowRight': 'endRight', 'Shift+ArrowLeft': 'endLeft'}],
        ['→ ←', 'move its beginning by a word', {ArrowRight: 'startRight', ArrowLeft: 'startLeft'}],
        ['q', 'mark the selection as a quote', {q: 'mark'}],
        ['+', 'add the selection to the quote in the form (also Shift q)', {'+': 'addSegment', 'Shift+Q': 'addSegment'}],
        ['w', 'take the whole selection, not only what is in marks', {w: 'wholeSelection'}],
    ]],
    ['Say who', [
        ['Enter', 'accept what is proposed; save what is complete', {Enter: 'accept'}],
        ['x', 'reject the proposal; let an unsaved quote go', {x: 'reject'}],
        ['s', 'speaker', {s: 'speaker'}],
        ['l', 'same speaker as the last', {l: 'lastSpeaker'}],
        ['a', 'affiliation; there c f i u: current, former, incoming, unknown', {a: 'affiliation'}],
        ['o', 'source: person, organization, unnamed, document', {o: 'source'}],
        ['d', 'kind: direct, partial, indirect', {d: 'kind'}],
        ['e', 'edit cue, source as printed and the rest; Esc comes back', {e: 'edit'}],
    ]],
    ['Say what it means', [
        ['1 2 3', 'support, oppose, mixed', {1: 'support', 2: 'oppose', 3: 'mixed'}],
        ['4 5 6', 'neutral, unclear, not addressed', {4: 'neutral', 5: 'unclear', 6: 'not_addressed'}],
        ['t', 'topic', {t: 'topic'}],
        ['f', 'make your stance the final one (editors)', {f: 'final'}],
    ]],
    ['Go on', [
        ['Ctrl Enter', 'save and go on, also inside inputs', {'Ctrl+Enter': 'saveAndGoOn'}],
        ['j k', 'next, previous quote or proposal', {j: 'next', k: 'previous'}],
        ['n p', 'next, previous article', {n: 'nextArticle', p: 'previousArticle'}],
        ['r', 'send the quote to review', {r: 'review'}],
        ['u', 'undo', {u: 'undo'}],
        ['?', 'these keys', {'?': 'help', 'Shift+?': 'help'}],
        ['Esc', 'back to the text', {Escape: 'leave'}],
    ]],
];

const COMMANDS = new Map(KEYS.flatMap(([, rows]) => rows.flatMap(([, , keys]) => Object.entries(keys))));
const REPEATS = new Set(['sentenceDown', 'sentenceUp', 'extendDown', 'extendUp', 'endRight', 'endLeft', 'startRight', 'startLeft', 'next', 'previous']);

/* Whether keys belong to the element itself: what is typed there is text, or chooses. */
export function isInput(element) {
    return Boolean(element?.closest?.('input, textarea, select, [contenteditable], dialog'));
}

/* The key as the table names it. On keyboards of other scripts the place of the key counts; so it does for the digits, which some
   layouts give with Shift alone. */
function name(event) {
    const {key, code, shiftKey} = event;
    if (event.ctrlKey || event.metaKey || event.altKey) {
        return (event.ctrlKey || event.metaKey) && !event.altKey && key === 'Enter' ? 'Ctrl+Enter' : '';
    }
    if (key === '+' || key === '?') {
        return key;
    }
    if (/^(Digit|Numpad)[1-6]$/.test(code) && (!shiftKey || /^[1-6]$/.test(key))) {
        return code.at(-1);
    }
    const letter = /^[a-z]$/iu.test(key) || key.length > 1 || !/^Key[A-Z]$/.test(code) ? key : code.at(-1).toLowerCase();
    if (letter.length === 1) {
        return shiftKey ? `Shift+${letter.toUpperCase()}` : letter.toLowerCase();
    }
    return shiftKey ? `Shift+${letter}` : letter;
}

/* The command that the key means here; '' for none. */
export function commandOf(event, isOn) {
    const key = name(event);
    const command = COMMANDS.get(key) ?? '';
    if (event.isComposing || (event.repeat && !REPEATS.has(command))) {
        return '';
    }
    if (isInput(event.target)) {
        return key === 'Ctrl+Enter' || (key === 'Escape' && !event.target.closest('dialog')) ? command : '';
    }
    const opens = event.target.closest?.('button, a, summary');
    if (opens && (key === 'Enter' || key === ' ')) {
        return '';
    }
    return isOn || key === 'Ctrl+Enter' || key === 'Escape' || key === '?' ? command : '';
}
