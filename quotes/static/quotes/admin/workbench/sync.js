/* Sends what is ready, one quote at a time, in the background: nobody waits for the server, and what could not be sent is sent again. */

import {Away, Refused} from './server.js';
import {plain, same} from './items.js';

const AGAIN = 15000;

export class Sync {
    constructor({server, items, changed, told}) {
        this.server = server;
        this.items = items;
        this.changed = changed;
        this.told = told;
        this.away = '';
        this.queue = Promise.resolve();
        this.timer = 0;
    }

    /* Do this after what was begun before; requests never overtake each other. */
    next(task) {
        const done = this.queue.then(task);
        this.queue = done.catch(() => {});
        return done;
    }

    waiting() {
        return [...this.items.byKey.values()].filter((item) => item.draft?.ready || item.sending);
    }

    send() {
        return this.next(async () => {
            let item = this.due();
            while (item) {
                if (!await this.attempt(item)) {
                    return;
                }
                item = this.due();
            }
        });
    }

    due() {
        return [...this.items.byKey.values()].find((item) => item.draft?.ready) ?? null;
    }

    /* Whether to go on with the next. */
    async attempt(item) {
        const sent = structuredClone(item.draft);
        item.draft.ready = false;
        item.sending = true;
        item.error = null;
        this.changed(item);
        try {
            const {quote} = await this.server.post('quotes/', this.body(item, sent));
            this.saved(item, sent, quote);
            this.reached();
        } catch (error) {
            item.sending = false;
            if (error instanceof Refused) {
                this.refused(item, sent, error);
                this.reached();
            } else if (error instanceof Away) {
                item.draft.ready = true;
                this.unreached(error, item);
                return false;
            } else {
                throw error;
            }
        }
        return true;
    }

    body(item, {values, codings, base, beside}) {
        const plainValues = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
        const rows = Object.entries(codings).map(([topic, {stance, final}]) => ({
            topic: Number(topic),
            stance,
            ...(final === undefined ? {} : {final}),
            was: base?.mine[topic]?.stance ?? '',
            final_was: base?.final[topic]?.id ?? null,
        }));
        const place = base ? {id: base.id, version: base.version} : {snapshot: this.items.state.snapshot, beside: beside ?? []};
        return {...place, ...(Object.keys(values).length ? {values: plainValues} : {}), codings: rows};
    }

    /* The quote is saved as it was sent; what was changed since then stays a draft, of the new state. */
    saved(item, sent, quote) {
        item.sending = false;
        this.items.adopt(item, quote);
        const {draft} = item;
        draft.base = quote;
        const left = Object.entries(draft.values).filter(([name, value]) => !same(value, sent.values[name] ?? quote.values[name]));
        draft.values = Object.fromEntries(left);
        const coded = Object.entries(draft.codings).filter(([topic, coding]) => !same(coding, sent.codings[topic]));
        draft.codings = Object.fromEntries(coded);
        this.items.tidy(item);
        this.changed(item);
        this.told('saved', item, sent);
    }

    refused(item, sent, {status, body}) {
        item.draft.ready = false;
        if (body.code === 'twin' && body.own && this.isSame(sent, body.quote)) {
            /* It had been saved, and the answer was lost on the way. */
            this.saved(item, {...sent, codings: {}}, body.quote);
            if (item.draft) {
                item.draft.ready = true;
            }
            return;
        }
        item.error = {status, ...body};
        if (body.code === 'coded' || body.code === 'finalised') {
            item.record = body.quote;
            item.draft.base = body.quote;
        }
        this.changed(item);
        this.told('refused', item, sent);
    }

    isSame(sent, quote) {
        return Object.entries(sent.values).every(([name, value]) => same(value, quote.values[name]));
    }

    reached() {
        if (this.away) {
            this.away = '';
            this.told('back');
        }
    }

    unreached(error, item) {
        this.away = error.reason;
        if (item) {
            this.changed(item);
        }
        this.told('away', null, error);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.send(), AGAIN);
    }

    /* A request beside the saving of drafts: its answer; null where the server could not be reached, which is told. */
    ask(task) {
        return this.next(async () => {
            try {
                const answer = await task();
                this.reached();
                return answer;
            } catch (error) {
                if (!(error instanceof Away)) {
                    throw error;
                }
                this.unreached(error, null);
                return null;
            }
        });
    }
}
