/* What a curator does to quotes: marking, choosing, coding, accepting, rejecting, undoing. Every step is kept in this browser at
   once, shown, and undone by `u`; the server hears of it in the background. */

import {Coding} from './coding.js';
import {Conflict} from './conflict.js';
import {Form} from './form.js';
import {Items} from './items.js';
import {Making} from './making.js';
import {Undo} from './undo.js';

export class Work extends Coding {
    constructor({state, text, offsets, drafts, server, page}) {
        super();
        Object.assign(this, {state, text, offsets, drafts, server, page});
        this.items = new Items(state, offsets);
        this.people = new Map(state.people.map((person) => [person.id, person]));
        this.mentions = state.mentions.map(([start, end, person]) => [offsets.units(start), offsets.units(end), person]);
        this.current = null;
        this.topic = null;
        this.lastSpeaker = null;
        this.undo = new Undo(this);
        this.conflict = new Conflict(this);
        this.making = new Making(this);
        this.form = new Form(this);
    }

    /* Keep, then show. */
    keep(item) {
        if (item.draft) {
            this.drafts.write(`d:${item.key}`, {...item.draft, snapshot: this.state.snapshot, id: item.record?.id ?? null});
        } else {
            this.drafts.remove(`d:${item.key}`);
        }
    }

    changed(item) {
        if (item) {
            this.keep(item);
        }
        this.page.show();
    }

    /* The item under the cursor. */
    item() {
        return this.current && this.items.get(this.current);
    }

    go(item, {isQuiet = false} = {}) {
        this.current = item?.key ?? null;
        this.page.show();
        this.making.turn(item);
        if (item && !isQuiet) {
            const {segments} = this.items.values(item);
            if (segments.length) {
                this.text.clearSelection();
                this.page.selecting.before(this.offsets.units(segments[0][0]));
                this.text.reveal(segments[0].map((point) => this.offsets.units(point)));
            }
        }
        this.page.keepPlace();
    }

    goOn(step = 1) {
        const ordered = this.items.ordered();
        const at = ordered.findIndex((item) => item.key === this.current);
        const next = at < 0 ? ordered[step > 0 ? 0 : ordered.length - 1] : ordered[at + step];
        if (next) {
            this.go(next);
        } else {
            this.page.note(ordered.length ? 'There is none further on.' : 'There is no quote yet: select words, and press q.');
        }
    }

    edit(item, values, {isTyped = false} = {}) {
        if (!this.mayChange(item)) {
            return;
        }
        if (!isTyped) {
            this.undo.push(item, 'the change');
        }
        item.error = this.conflict.handles(item.error) ? item.error : null;
        this.items.edit(item, values);
        this.changed(item);
    }

    mayChange(item) {
        if (item.record && !item.record.may_change) {
            this.page.note(`This quote is ${item.record.status_label}: only editors change it.`);
            return false;
        }
        return true;
    }

    choose(name, value) {
        const item = this.item();
        if (!item) {
            return;
        }
        const isPerson = value === 'person';
        const cleared = isPerson ? {organization: null} : {speaker: null, capacities: [], speaks_for_organization: false};
        this.edit(item, name === 'source_type' ? {source_type: value, ...cleared} : {[name]: value});
    }

    /* `affiliation`: one that was made just now, from what this article says. */
    chooseSpeaker(item, person, affiliation = null) {
        this.learn(person);
        const offer = this.items.offer(person, '');
        const capacities = offer.capacities.map((row) => (row.affiliation === affiliation ? {...row, standing: 'current'} : row));
        this.takeOffer(item, {...offer, capacities});
    }

    takeOffer(item, offer) {
        this.page.leave();
        this.edit(item, {source_type: 'person', speaker: offer.speaker, capacities: offer.capacities});
        if (item.draft) {
            item.draft.offer = null;
            this.items.tidy(item);
        }
        this.lastSpeaker = offer;
        this.changed(item);
    }

    chooseOrganization(item, organization) {
        this.page.leave();
        this.edit(item, {organization: {id: organization.id, name: organization.name}});
        this.changed(item);
    }

    addCapacity(item, person, affiliation) {
        this.learn(person);
        const job = person.jobs.find((one) => one.affiliation === affiliation);
        const {capacities} = this.items.values(item);
        if (job && !capacities.some((row) => row.affiliation === affiliation)) {
            const standing = job.fit === 'undated' ? 'current' : job.standing;
            const row = {affiliation, label: job.label, standing, role_as_stated: '', is_primary: !capacities.length};
            this.edit(item, {capacities: [...capacities, row]});
        }
        this.changed(item);
        this.page.leave();
    }

    commit(item) {
        if (item.draft) {
            item.draft.ready = true;
            item.error = null;
            this.keep(item);
            this.page.sync.send();
        }
    }

    /* Enter: a proposal becomes a quote; what is offered is taken; what is complete is saved. */
    accept() {
        const item = this.item();
        if (!item) {
            this.page.note('Go to a quote or a proposal first, with j or k.');
        } else if (this.items.isProposal(item)) {
            this.acceptProposal(item);
        } else if (item.draft?.offer && !this.items.values(item).speaker && this.items.values(item).source_type === 'person') {
            this.takeOffer(item, item.draft.offer);
            this.page.note(`${this.items.values(item).speaker.name}. Then the stance, and Enter.`);
        } else if (item.draft && !item.draft.ready) {
            this.saveAndGoOn();
        } else {
            this.page.note('There is nothing to save here.');
        }
    }

    acceptProposal(item) {
        const offer = this.offerOf(item);
        this.undo.push(item, 'the acceptance');
        this.items.draft(item);
        if (!offer) {
            this.changed(item);
            this.go(item);
            this.page.choosing.askSpeaker(item.proposal.meant);
            return;
        }
        this.items.edit(item, {speaker: offer.speaker, capacities: offer.capacities});
        this.lastSpeaker = offer;
        this.commit(item);
        this.changed(item);
        this.page.note(`Accepted: ${offer.speaker.name}.${this.state.may.code ? ' 1 to 6 say the stance.' : ''}`);
        if (!this.state.may.code) {
            this.goOn();
        }
    }

    saveAndGoOn() {
        const item = this.item();
        if (!item || this.items.isProposal(item)) {
            this.accept();
            return;
        }
        if (!item.draft) {
            this.goOn();
            return;
        }
        if (this.conflict.handles(item.error)) {
            this.page.note('Somebody changed this quote meanwhile: choose what stays, above.');
            return;
        }
        const values = this.items.values(item);
        if (values.source_type === 'person' && !values.speaker) {
            item.error = {errors: {speaker: [item.draft.offer ? `Enter accepts ${item.draft.offer.speaker.name}; s chooses somebody else.` : 'Say who: s.']}};
            this.changed(item);
            this.page.leave();
            return;
        }
        if (values.speaker) {
            const label = values.capacities.map((row) => row.label).join('; ');
            this.lastSpeaker = {speaker: values.speaker, capacities: values.capacities, label, why: ''};
        }
        this.undo.push(item, 'the saving', {isSave: true});
        this.commit(item);
        this.page.leave();
        this.goOn();
        this.changed(item);
    }

    reject() {
        const item = this.item();
        if (!item) {
            return;
        }
        if (this.items.isProposal(item)) {
            this.undo.pushRejection(item);
            this.items.rejected.add(item.key);
            this.stepFrom(this.startOf(item));
            this.page.note('Rejected. u brings it back.');
        } else if (item.draft && !item.draft.ready && !item.sending) {
            this.undo.push(item, 'the letting go');
            this.forget(item);
            this.page.note('Let go. u brings it back.');
        } else {
            this.page.note('Only proposals are rejected, and only what is not saved is let go.');
        }
    }

    startOf(item) {
        return this.items.values(item).segments[0]?.[0] ?? 0;
    }

    /* Go on from where an item was that is not shown any more. */
    stepFrom(start) {
        const ordered = this.items.ordered();
        this.go(ordered.find((one) => this.items.values(one).segments[0]?.[0] >= start) ?? ordered.at(-1) ?? null);
    }

    run(command) {
        this.page.run(command);
    }

    leave() {
        this.page.leave();
    }

    async find(path, words, name) {
        return this.page.choosing.find(path, words, name);
    }

    get sync() {
        return this.page.sync;
    }
}
