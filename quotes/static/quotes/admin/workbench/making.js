/* A new person, or a new affiliation of one, made beside the text that names them; close matches are shown first. */

import {Combobox} from './combo.js';
import {byId, button, make, show} from './page.js';
import {Away, Refused} from './server.js';

export class Making {
    constructor(work) {
        this.work = work;
        this.box = byId('wb-making');
        this.organization = null;
        this.box.addEventListener('input', () => this.keep());
        this.box.addEventListener('keydown', (event) => this.press(event));
        byId('wb-make').addEventListener('click', () => this.send());
        byId('wb-make-not').addEventListener('click', () => this.leave());
        this.combobox = new Combobox(byId('wb-new-organization'), byId('wb-new-organizations'), {
            find: (words) => this.findOrganizations(words),
            pick: (option, words) => this.pickOrganization(option.value, words),
            leave: () => this.leave(),
        });
    }

    fields() {
        return [...this.box.querySelectorAll('[data-making]')];
    }

    /* What is made: a `person` of that name, another `job` of the speaker, or an `organization`. */
    begin(item, what, name = '') {
        const person = what === 'job' ? this.work.items.values(item).speaker : null;
        this.open(item, {what, person, values: what === 'organization' ? {organization_name: name} : {name}});
        this.keep();
        byId({person: name ? 'wb-new-role' : 'wb-new-name', job: 'wb-new-role', organization: 'wb-new-kind'}[what]).focus();
        if (what === 'person' && name) {
            this.showSimilar(name);
        }
    }

    /* As it was typed, also after a reload. */
    open(item, {what, person, values, organization = null, seen = [], organizationsSeen = []}) {
        Object.assign(this, {item, what, person, organization, seen, organizationsSeen});
        this.fields().forEach((field) => { field.value = values[field.dataset.making] ?? ''; });
        const headings = {person: 'A new person', job: `Another capacity of ${person?.name}`, organization: 'A new organization'};
        byId('wb-making-heading').textContent = headings[what];
        this.box.querySelectorAll('[data-of]').forEach((row) => show(row, row.dataset.of.split(' ').includes(what)));
        byId('wb-new-organization-label').textContent = what === 'organization' ? 'Name' : 'At';
        show(byId('wb-new-kind-row'), Boolean(values.organization_kind || (values.organization_name && !organization)));
        byId('wb-similar').replaceChildren();
        this.error('');
        show(this.box, true);
    }

    /* The form turns to another item: what was typed stays with its own. */
    turn(item) {
        if (item === this.item && !this.box.hidden) {
            return;
        }
        show(this.box, false);
        if (item?.draft?.making) {
            this.open(item, item.draft.making);
        }
    }

    keep() {
        const {what, person, organization, seen, organizationsSeen} = this;
        const values = Object.fromEntries(this.fields().map((field) => [field.dataset.making, field.value]));
        const draft = this.work.items.draft(this.item);
        draft.making = {what, person, organization, seen, organizationsSeen, values};
        this.work.keep(this.item);
    }

    async findOrganizations(words) {
        const found = words ? await this.work.find('organizations/', words, 'organizations') : [];
        const options = found.map((one) => ({title: one.name, note: one.short, sub: [one.kind], value: one}));
        return words ? [...options, {title: `New organization “${words}”…`, className: 'wb-option-new', value: null}] : options;
    }

    pickOrganization(organization, words) {
        if (organization && this.what === 'organization') {
            this.useOrganization(organization, this.item);
            return;
        }
        this.organization = organization;
        byId('wb-new-organization').value = organization?.name ?? words;
        show(byId('wb-new-kind-row'), !organization);
        this.keep();
        (organization ? byId('wb-make') : byId('wb-new-kind')).focus();
    }

    press(event) {
        if (event.key === 'Escape' && !event.defaultPrevented) {
            event.stopPropagation();
            this.leave();
        } else if (event.key === 'Enter' && !event.defaultPrevented && event.target.matches('input, select') && !event.isComposing) {
            event.preventDefault();
            event.stopPropagation();
            this.send();
        }
    }

    async showSimilar(name) {
        const found = await this.work.find('people/', name, 'people');
        if (!this.box.hidden && found.length) {
            this.similar(found);
        }
    }

    similar(people) {
        this.seen = [...new Set([...this.seen, ...people.map((person) => person.id)])];
        this.keep();
        const rows = people.map((person) => {
            const about = person.jobs.map((job) => `${job.label}, ${job.period}`).join('; ');
            return make('li', '', button(person.name, 'wb-link', () => this.use(person, null)), ' ', make('span', 'wb-quiet', about));
        });
        byId('wb-similar').replaceChildren(make('p', '', 'Known already; is it one of these?'), make('ul', '', ...rows));
    }

    similarOrganizations(found) {
        this.organizationsSeen = [...new Set([...this.organizationsSeen, ...found.map((one) => one.id)])];
        this.keep();
        const rows = found.map((one) => make('li', '', button(one.name, 'wb-link', () => this.pickOrganization(one, one.name))));
        byId('wb-similar').replaceChildren(make('p', '', 'Known already; is it one of these organizations?'), make('ul', '', ...rows));
    }

    body() {
        const values = Object.fromEntries(this.fields().map((field) => [field.dataset.making, field.value.trim()]));
        const known = this.organization && this.organization.name === values.organization_name;
        if (this.what === 'organization') {
            const {organization_name, organization_kind} = values;
            return {organization_name, organization_kind, organizations_seen: this.organizationsSeen};
        }
        return {
            ...(this.person ? {person: this.person.id} : {name: values.name, sort_name: values.sort_name, seen: this.seen}),
            role: values.role,
            ...(known ? {organization: this.organization.id} : {
                organization_name: values.organization_name,
                organization_kind: values.organization_kind,
                organizations_seen: this.organizationsSeen,
            }),
        };
    }

    async send() {
        const {item} = this;
        this.error('');
        try {
            const {person, affiliation, organization} = await this.work.server.post(
                this.what === 'organization' ? 'organizations/' : 'people/', this.body());
            if (organization) {
                this.useOrganization(organization, item);
            } else {
                this.use(person, affiliation, item);
            }
        } catch (error) {
            if (error instanceof Refused) {
                this.refused(error.body);
            } else if (error instanceof Away) {
                this.error('The server cannot be reached. What you typed is kept: try again in a while.');
                this.work.sync.unreached(error, null);
            } else {
                throw error;
            }
        }
    }

    refused(body) {
        if (body.people) {
            this.similar(body.people);
            this.error('Look at these first. If it is none of them, press “Make and use” again.');
        } else if (body.organizations) {
            this.similarOrganizations(body.organizations);
            show(byId('wb-new-kind-row'), true);
            this.error('Look at these organizations first. If it is none of them, press “Make and use” again.');
        } else {
            show(byId('wb-new-kind-row'), !byId('wb-new-kind-row').hidden || 'organization_kind' in body.errors);
            this.error(body.detail);
            const [name] = Object.keys(body.errors);
            this.box.querySelector(`[data-making="${name}"]`)?.focus();
        }
    }

    use(person, affiliation, item = this.item) {
        delete item.draft?.making;
        show(this.box, false);
        if (this.what === 'job') {
            this.work.addCapacity(item, person, affiliation);
        } else {
            this.work.chooseSpeaker(item, person, affiliation);
        }
    }

    useOrganization(organization, item) {
        delete item.draft?.making;
        show(this.box, false);
        this.work.chooseOrganization(item, organization);
    }

    leave() {
        delete this.item.draft?.making;
        this.work.items.tidy(this.item);
        show(this.box, false);
        this.work.keep(this.item);
        this.work.leave();
    }

    error(sentence) {
        const line = this.box.querySelector('[data-error=making]');
        line.textContent = sentence;
        show(line, Boolean(sentence));
    }
}
