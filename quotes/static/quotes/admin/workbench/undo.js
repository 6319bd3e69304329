/* Undoing, step by step: in the draft where nothing was sent yet, at the server where it was. */

import {Refused} from './server.js';
import {same} from './items.js';

const MOST = 100;

export class Undo {
    constructor(work) {
        this.work = work;
        this.steps = [];
    }

    /* Remember the item as it is, before something is done to it. */
    push(item, label, {isSave = false} = {}) {
        const {key, record, proposal, error = null} = item;
        const isOnItsWay = Boolean(item.sending || item.draft?.ready);
        this.add({key, label, record, proposal, error, isSave, isOnItsWay, draft: structuredClone(item.draft)});
    }

    /* What was done while the quote was on its way to the server was done to the quote that is saved now. */
    saved(item, quote) {
        this.steps.filter((step) => step.key === item.key && step.isOnItsWay).forEach((step) => {
            const coded = Object.entries({...step.record?.mine, ...step.draft?.codings}).filter(([, coding]) => coding.stance);
            step.record = {...quote, values: {...quote.values, ...step.draft?.values}, mine: Object.fromEntries(coded)};
            step.draft = null;
            step.isOnItsWay = false;
        });
    }

    pushRejection(item) {
        this.add({key: item.key, label: 'the rejection', isRejection: true});
    }

    pushReview(item) {
        this.add({key: item.key, label: 'the sending to review', isReview: true});
    }

    add(step) {
        this.steps.push(step);
        this.steps.splice(0, this.steps.length - MOST);
    }

    async run() {
        const step = this.steps.pop();
        if (!step) {
            this.work.page.note('There is nothing to undo.');
            return;
        }
        if (step.isRejection) {
            this.work.items.rejected.delete(step.key);
            this.back(this.work.items.get(step.key), step);
            return;
        }
        await this.work.sync.next(async () => {});
        try {
            await (step.isReview ? this.returned(step) : this.restored(step));
        } catch (error) {
            if (!(error instanceof Refused)) {
                throw error;
            }
            this.work.page.note(`This cannot be undone: ${error.message}`);
        }
    }

    back(item, step) {
        this.work.changed(item);
        if (item) {
            this.work.go(item);
        }
        this.work.page.note(`Undone: ${step.label}.`);
    }

    /* The quote as it was: removed where there was none, changed back where it was another. */
    async restored(step) {
        const {items} = this.work;
        const item = items.get(step.key) ?? {key: step.key, proposal: step.proposal, record: null, draft: null};
        items.byKey.set(item.key, item);
        const start = this.work.startOf(item);
        if (item.record && !step.record) {
            if (!await this.removed(item)) {
                this.steps.push(step);
                return;
            }
            item.record = null;
        }
        item.error = step.error;
        if (!item.record) {
            item.draft = step.draft && {...structuredClone(step.draft), ready: false};
            if (!item.draft && !item.proposal) {
                items.byKey.delete(item.key);
            }
        } else {
            this.changeBack(item, step);
        }
        if (items.get(item.key)) {
            this.back(item, step);
        } else {
            this.work.drafts.remove(`d:${item.key}`);
            this.work.stepFrom(start);
            this.work.page.note(`Undone: ${step.label}.`);
        }
    }

    /* What was sent since is sent back; what was not is as it was then. */
    changeBack(item, step) {
        const was = step.record;
        const isSent = was.version !== item.record.version || !same(was.values, item.record.values) || !same(was.mine, item.record.mine);
        item.draft = null;
        if (!isSent) {
            item.draft = step.draft && {...structuredClone(step.draft), ready: false, base: item.record};
            return;
        }
        const values = step.isSave ? was.values : {...was.values, ...step.draft?.values};
        this.work.items.edit(item, values);
        for (const topic of new Set([...Object.keys(was.mine), ...Object.keys(item.record.mine)])) {
            this.work.items.code(item, topic, was.mine[topic] ?? {stance: '', final: false});
        }
        this.work.commit(item);
    }

    async removed(item) {
        const {work} = this;
        const answer = await work.sync.ask(() => work.server.post(`quotes/${item.record.id}/remove/`, {version: item.record.version}));
        if (!answer) {
            work.page.note('The server cannot be reached: undo it later.');
        }
        return answer;
    }

    async returned(step) {
        const {work} = this;
        const item = work.items.get(step.key);
        const answer = await work.sync.ask(() => work.server.post(`quotes/${item.record.id}/return/`, {version: item.record.version}));
        if (answer) {
            item.record = answer.quote;
            this.back(item, step);
        }
    }
}
