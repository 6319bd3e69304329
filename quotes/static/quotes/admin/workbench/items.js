/* The quotes of an article as this page knows them. An item is a quote of the server's (record), a proposal, work that is not
   saved (draft), or several of these; its key stays the same while the page is open.

   draft: {values, codings, base, offer, ready, beside, making}
     values   what differs from the base, which is the record as it was when the work on it began (null: a new quote)
     codings  by topic: {stance, final}
     offer    a speaker who is shown and not accepted yet: {speaker, capacities, label, why}
     ready    to be sent; else the curator is still at it */

export const EMPTY = {
    segments: [], kind: 'direct', source_type: 'person', speaker: null, organization: null, speaks_for_organization: false,
    source_label: '', cue: '', framing: '', venue: 'unspecified', said_on: '', capacities: [],
};

/* Whether two values are the same to the server: records by their keys, capacities without their labels. */
export function same(one, other) {
    return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

export function plain(value) {
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (value && typeof value === 'object') {
        if ('affiliation' in value) {
            const {affiliation, standing, role_as_stated, is_primary} = value;
            return {affiliation, standing, role_as_stated, is_primary};
        }
        return 'id' in value ? value.id : value;
    }
    return value ?? null;
}

export class Items {
    constructor(state, offsets) {
        this.state = state;
        this.offsets = offsets;
        this.byKey = new Map();
        this.rejected = new Set();
        state.proposals.forEach((proposal) => {
            const key = `p${proposal.segments.map((segment) => segment.join('-')).join('_')}`;
            this.byKey.set(key, {key, proposal, record: null, draft: null});
        });
        state.quotes.forEach((record) => this.take(record));
    }

    get(key) {
        return this.byKey.get(key) ?? null;
    }

    /* A record as the server has it now. What is being worked on keeps its base, so that the server can tell a conflict. */
    take(record) {
        const known = [...this.byKey.values()].find((item) => item.record?.id === record.id);
        const item = known ?? {key: `q${record.id}`, proposal: null, record: null, draft: null};
        item.record = record;
        this.byKey.set(item.key, item);
        return item;
    }

    /* The record is this item's, also where the list of the article's quotes brought it before. */
    adopt(item, record) {
        for (const [key, other] of this.byKey) {
            if (other !== item && other.record?.id === record.id) {
                this.byKey.delete(key);
            }
        }
        item.record = record;
    }

    /* The article's quotes as they are now; what is gone goes, unless there is work on it. */
    refresh(records) {
        const there = new Set(records.map((record) => record.id));
        records.forEach((record) => this.take(record));
        for (const item of [...this.byKey.values()]) {
            if (item.record && !there.has(item.record.id) && !item.draft) {
                this.drop(item);
            }
        }
    }

    /* The quote is no more; what it was proposed as is proposed again. */
    drop(item) {
        item.record = null;
        item.draft = null;
        if (!item.proposal) {
            this.byKey.delete(item.key);
        }
    }

    values(item) {
        const base = item.draft ? item.draft.base : item.record;
        const beginning = base?.values ?? (item.proposal ? this.proposed(item.proposal) : {});
        return {...EMPTY, ...beginning, ...item.draft?.values};
    }

    proposed(proposal) {
        return {segments: proposal.segments, kind: proposal.kind, cue: proposal.cue};
    }

    /* What was coded toward the topic: by this user (saved or not), and what is final, where the server tells. */
    coding(item, topic) {
        const mine = item.draft?.codings?.[topic] ?? item.record?.mine[topic] ?? null;
        return {mine: mine?.stance ? mine : null, final: item.record?.final[topic] ?? null};
    }

    stance(item, topic) {
        const {mine, final} = this.coding(item, topic);
        return mine?.stance ?? final?.stance ?? '';
    }

    isSaved(item) {
        return Boolean(item.record) && !item.draft;
    }

    isProposal(item) {
        return Boolean(item.proposal) && !item.record && !item.draft;
    }

    /* Everything that is shown, in the text's order. A proposal goes where words of it are marked, or it was rejected. */
    ordered() {
        const every = [...this.byKey.values()];
        const marked = every.filter((item) => !this.isProposal(item) && this.isHere(item));
        const taken = marked.flatMap((item) => this.values(item).segments);
        const shown = every.filter((item) => {
            if (!this.isProposal(item)) {
                return this.isHere(item);
            }
            const overlaps = ([start, end]) => taken.some(([from, to]) => start < to && from < end);
            return !this.rejected.has(item.key) && !item.proposal.segments.some(overlaps);
        });
        const placed = shown.map((item) => [item, ...this.values(item).segments[0] ?? [0, 0]]);
        return placed.sort((one, two) => one[1] - two[1] || one[2] - two[2]).map(([item]) => item);
    }

    /* Whether the quote stands in the text that is shown. */
    isHere(item) {
        return !item.record || (item.record.snapshot === this.state.snapshot && item.record.values.segments.length > 0);
    }

    elsewhere() {
        return [...this.byKey.values()].filter((item) => item.record && !this.isHere(item));
    }

    draft(item) {
        item.draft ??= {values: {}, codings: {}, base: item.record, offer: null, ready: false};
        if (!item.record && item.proposal && !item.draft.values.segments) {
            item.draft.values = {...EMPTY, ...this.proposed(item.proposal)};
        }
        return item.draft;
    }

    /* Set values of the item's draft; one that is as it was is no change. */
    edit(item, values) {
        const draft = this.draft(item);
        for (const [name, value] of Object.entries(values)) {
            if (draft.base && same(draft.base.values[name], value)) {
                delete draft.values[name];
            } else {
                draft.values[name] = value;
            }
        }
        this.tidy(item);
    }

    code(item, topic, coding) {
        const draft = this.draft(item);
        const saved = item.record?.mine[topic] ?? null;
        const stays = coding.stance === (saved?.stance ?? '') && Boolean(coding.final) === Boolean(saved?.final);
        if (stays) {
            delete draft.codings[topic];
        } else {
            draft.codings[topic] = coding;
        }
        this.tidy(item);
    }

    /* A draft of a saved quote that says nothing is none. */
    tidy(item) {
        const {draft} = item;
        if (draft?.base && !Object.keys(draft.values).length && !Object.keys(draft.codings).length && !draft.offer && !draft.making) {
            item.draft = null;
        }
    }

    /* The capacities of the person's last quote here, saved or not. */
    usual(person) {
        const said = this.ordered().filter((item) => !this.isProposal(item) && this.values(item).speaker?.id === person.id);
        return said.length ? this.values(said.at(-1)).capacities : person.usual;
    }

    /* A speaker with the capacity to propose: as in the last quote of this article, else by the article's date. */
    offer(person, why) {
        const job = person.jobs[0];
        const dated = job && job.fit !== 'incoming' ? [{
            affiliation: job.affiliation, label: job.label, standing: job.standing, role_as_stated: '', is_primary: true,
        }] : [];
        const capacities = this.usual(person) ?? dated;
        const said = capacities.map((row) => `${row.standing === 'current' ? '' : `${row.standing}: `}${row.label}`);
        return {speaker: {id: person.id, name: person.name}, capacities, label: said.join('; '), why};
    }
}
