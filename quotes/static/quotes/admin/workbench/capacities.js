/* In what capacity the words were said: the speaker's affiliations, each with what it was at the article's date. A check takes
   one; its standing is what the article says, whatever the dates suggest. */

import {byId, button, make} from './page.js';

const STANDINGS = {c: 'current', f: 'former', i: 'incoming', u: 'unknown'};

export class Capacities {
    constructor(work) {
        this.work = work;
        this.list = byId('wb-capacities');
        this.shown = '';
        this.list.addEventListener('keydown', (event) => this.press(event));
    }

    show(item, values) {
        const person = this.work.people.get(values.speaker.id);
        const looks = JSON.stringify([item.key, values.speaker.id, values.capacities, person?.jobs]);
        if (looks === this.shown) {
            return;
        }
        this.shown = looks;
        this.item = item;
        this.taken = values.capacities;
        const focused = this.list.contains(document.activeElement) ? document.activeElement.closest('li')?.dataset.affiliation : null;
        const jobs = person?.jobs ?? [];
        const known = new Set(jobs.map((job) => job.affiliation));
        const others = values.capacities.filter((row) => !known.has(row.affiliation));
        const rows = [...jobs, ...others.map((row) => ({...row, period: '', fit: row.standing}))];
        this.list.replaceChildren(...rows.map((job) => this.row(job)), this.another());
        if (focused) {
            this.list.querySelector(`li[data-affiliation="${focused}"] .wb-capacity`)?.focus();
        }
    }

    row(job) {
        const taken = this.taken.find((row) => row.affiliation === job.affiliation);
        const toggle = button('', 'wb-capacity', () => this.toggle(job));
        toggle.role = 'checkbox';
        toggle.setAttribute('aria-checked', String(Boolean(taken)));
        toggle.append(make('span', 'wb-capacity-label', job.label), make('span', 'wb-capacity-period', job.period));
        const row = make('li', taken ? 'wb-taken' : '', toggle);
        row.dataset.affiliation = String(job.affiliation);
        if (taken) {
            row.append(...this.details(job, taken));
        }
        return row;
    }

    details(job, taken) {
        const standing = make('select', taken.standing === 'unknown' ? 'wb-standing wb-asks' : 'wb-standing');
        standing.ariaLabel = `Standing: ${job.label}`;
        Object.entries(this.work.state.labels.standing).forEach(([value, label]) => {
            const option = make('option', '', label);
            option.value = value;
            option.selected = value === taken.standing;
            standing.append(option);
        });
        standing.addEventListener('change', () => this.change(job, {standing: standing.value}));
        const stated = make('input', 'wb-stated');
        stated.type = 'text';
        stated.value = taken.role_as_stated;
        stated.placeholder = 'role as printed';
        stated.ariaLabel = `Role as printed: ${job.label}`;
        stated.addEventListener('input', () => {
            const rows = this.taken.map((row) => (row.affiliation === job.affiliation ? {...row, role_as_stated: stated.value} : row));
            this.taken = rows;
            this.shown = JSON.stringify([this.item.key, this.work.items.values(this.item).speaker.id, rows,
                this.work.people.get(this.work.items.values(this.item).speaker.id)?.jobs]);
            this.work.edit(this.item, {capacities: rows}, {isTyped: true});
        });
        if (this.taken.length < 2) {
            return [standing, stated];
        }
        const primary = button(taken.is_primary ? 'primary' : 'make primary', 'wb-primary', () => this.makePrimary(job));
        primary.setAttribute('aria-pressed', String(taken.is_primary));
        return [standing, stated, primary];
    }

    another() {
        const row = make('li', 'wb-another', button('Another capacity…', 'wb-link', () => this.work.making.begin(this.item, 'job')));
        row.dataset.affiliation = 'new';
        return row;
    }

    toggle(job) {
        const isTaken = this.taken.some((row) => row.affiliation === job.affiliation);
        const left = this.taken.filter((row) => row.affiliation !== job.affiliation);
        const added = {affiliation: job.affiliation, label: job.label, standing: job.standing, role_as_stated: '', is_primary: false};
        const rows = isTaken ? left : [...left, added];
        this.set(rows.map((row, number) => ({...row, is_primary: rows.some((one) => one.is_primary) ? row.is_primary : !number})));
    }

    change(job, values) {
        this.set(this.taken.map((row) => (row.affiliation === job.affiliation ? {...row, ...values} : row)));
    }

    makePrimary(job) {
        this.set(this.taken.map((row) => ({...row, is_primary: row.affiliation === job.affiliation})));
    }

    set(rows) {
        this.work.edit(this.item, {capacities: rows});
    }

    focus() {
        (this.list.querySelector('.wb-taken .wb-capacity') ?? this.list.querySelector('button'))?.focus();
    }

    press(event) {
        const row = event.target.closest('li');
        const isField = event.target.matches('input, select');
        if (isField || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const job = {affiliation: Number(row.dataset.affiliation)};
        const taken = this.taken.find((one) => one.affiliation === job.affiliation);
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            const next = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
            next?.querySelector('button').focus();
        } else if (STANDINGS[event.key]) {
            if (!taken) {
                this.toggle(this.work.people.get(this.work.items.values(this.item).speaker.id).jobs
                    .find((one) => one.affiliation === job.affiliation) ?? job);
            }
            this.change(job, {standing: STANDINGS[event.key]});
        } else if (event.key === 'Enter' && taken) {
            this.work.leave();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }
}
