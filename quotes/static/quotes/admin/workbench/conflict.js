/* What stands between a quote and its saving, where somebody else had a hand in it: both states side by side, and the choice. */

import {same} from './items.js';
import {byId, button, make, show} from './page.js';

const LABELS = {
    segments: 'words', kind: 'kind', source_type: 'source', speaker: 'speaker', organization: 'organization',
    speaks_for_organization: 'speaks for it', source_label: 'source as printed', cue: 'cue', framing: 'framing', venue: 'venue',
    said_on: 'said on', capacities: 'capacities', status: 'status',
};
/* Chosen together: a speaker with another's capacities would be no quote. */
const WITH_SPEAKER = ['speaker', 'source_type', 'organization', 'speaks_for_organization', 'capacities'];

export class Conflict {
    constructor(work) {
        this.work = work;
        this.box = byId('wb-problem');
        this.shown = null;
    }

    handles(error) {
        return ['changed', 'twin', 'gone'].includes(error?.code);
    }

    show(item) {
        const {error} = item;
        const isShown = this.handles(error) && Boolean(item.draft);
        show(this.box, isShown);
        if (!isShown) {
            this.shown = null;
        } else if (this.shown !== error) {
            this.shown = error;
            const parts = {changed: () => this.changed(item), twin: () => this.twin(item), gone: () => this.gone(item)};
            this.box.replaceChildren(make('p', 'wb-problem-said', error.detail), ...parts[error.code]());
        }
    }

    changed(item) {
        const theirs = item.error.quote;
        const base = item.draft.base.values;
        const mine = item.draft.values;
        const table = make('table', 'wb-versions', make('thead', '', make('tr', '', ...['', 'it was', 'now', 'yours'].map((label) => {
            const cell = make('th', '', label);
            cell.scope = 'col';
            return cell;
        }))));
        const body = make('tbody');
        const choices = new Map();
        for (const {field, who, at} of item.error.changed) {
            const isMine = field in mine && !same(mine[field], theirs.values[field]);
            const head = make('th', '', LABELS[field] ?? field, who ? make('span', 'wb-quiet', `${who}${at ? `, ${clock(at)}` : ''}`) : '');
            head.scope = 'row';
            const was = field === 'status' ? item.draft.base.status_label : this.text(field, base[field]);
            const now = field === 'status' ? theirs.status_label : this.text(field, theirs.values[field]);
            const cells = [make('td', '', was), this.cell(field, 'theirs', now, isMine, choices)];
            cells.push(isMine ? this.cell(field, 'mine', this.text(field, mine[field]), true, choices) : make('td', 'wb-quiet', 'not changed'));
            body.append(make('tr', '', head, ...cells));
        }
        table.append(body);
        const buttons = make('p', 'wb-problem-buttons',
            button('Save as chosen', 'button default', () => this.resolve(item, (field) => this.chosen(field, choices))),
            button('Keep mine', 'button wb-plain', () => this.resolve(item, () => 'mine')),
            button('Take theirs', 'button wb-plain', () => this.resolve(item, () => 'theirs')));
        return [table, buttons];
    }

    cell(field, side, text, isChoice, choices) {
        if (!isChoice) {
            return make('td', '', text);
        }
        const radio = make('input');
        radio.type = 'radio';
        radio.name = `wb-choice-${field}`;
        radio.value = side;
        radio.checked = side === 'mine';
        choices.set(field, [...choices.get(field) ?? [], radio]);
        return make('td', '', make('label', '', radio, ' ', text || '–'));
    }

    /* A field that only I changed is mine; of those that both changed, what is chosen; the speaker's go together. */
    chosen(field, choices) {
        const leader = WITH_SPEAKER.includes(field) ? WITH_SPEAKER.find((name) => choices.has(name)) : field;
        return choices.get(leader)?.find((radio) => radio.checked)?.value ?? 'mine';
    }

    resolve(item, choose) {
        const {quote, changed} = item.error;
        const theirs = new Set(changed.map(({field}) => field));
        if (WITH_SPEAKER.some((name) => theirs.has(name))) {
            WITH_SPEAKER.forEach((name) => theirs.add(name));
        }
        const values = Object.entries(item.draft.values).filter(([field]) => !theirs.has(field) || choose(field) === 'mine');
        this.work.settle(item, quote, Object.fromEntries(values));
    }

    twin(item) {
        const {quote} = item.error;
        const what = make('p', '', `${quote.by || 'Somebody'} has it as: ${quote.values.speaker?.name ?? quote.values.source_label ?? ''}, `
            + `${quote.values.kind}, ${quote.status_label}.`);
        return [what, make('p', 'wb-problem-buttons',
            button('Open that one, let mine go', 'button default', () => this.work.open(item, quote)),
            button('Open that one with what I entered', 'button wb-plain', () => this.work.settle(item, quote, item.draft.values, {isSent: false})),
            button('Save mine beside it', 'button wb-plain', () => this.work.saveBeside(item, quote)))];
    }

    gone(item) {
        return [make('p', 'wb-problem-buttons',
            button('Save mine as a new quote', 'button default', () => this.work.renew(item)),
            button('Let it go', 'button wb-plain', () => this.work.forget(item)))];
    }

    text(field, value) {
        if (field === 'segments') {
            return value.map((segment) => `“${this.work.offsets.words(segment)}”`).join(' […] ');
        }
        if (field === 'capacities') {
            return value.map((row) => `${row.label} (${row.standing})`).join('; ');
        }
        if (typeof value === 'boolean') {
            return value ? 'yes' : 'no';
        }
        return String(value?.name ?? value ?? '');
    }
}

function clock(at) {
    return new Date(at).toLocaleString(undefined, {dateStyle: 'short', timeStyle: 'short'});
}
