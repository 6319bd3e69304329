/* Ways out for a draft that was not, or not simply, saved: let go, begun anew, taken over to another quote. */

import {Marking} from './marking.js';

export class Settling extends Marking {
    forget(item) {
        const start = this.startOf(item);
        item.draft = null;
        item.error = null;
        this.keep(item);
        if (item.record || item.proposal) {
            this.changed(item);
            this.making.turn(item);
        } else {
            this.items.byKey.delete(item.key);
            this.stepFrom(start);
        }
    }

    /* Begin anew on the state that is there now, with these values of mine. */
    settle(item, record, values, {isSent = true} = {}) {
        this.items.adopt(item, record);
        item.error = null;
        const codings = item.draft?.codings ?? {};
        item.draft = {values: {}, codings, base: record, offer: null, ready: false};
        this.items.edit(item, values);
        if (item.draft && isSent) {
            this.commit(item);
        }
        this.changed(item);
        this.page.leave();
    }

    open(item, record) {
        this.items.byKey.delete(item.key);
        this.drafts.remove(`d:${item.key}`);
        this.go(this.items.take(record));
    }

    saveBeside(item, record) {
        item.draft.beside = [...item.draft.beside ?? [], record.id];
        this.items.take(record);
        this.commit(item);
        this.changed(item);
    }

    renew(item) {
        item.draft = {...item.draft, values: this.items.values(item), base: null};
        item.record = null;
        this.commit(item);
        this.changed(item);
    }
}
