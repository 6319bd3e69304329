/* The form of one quote: shows what the item holds, and says what is typed and pressed in it. */

import {Capacities} from './capacities.js';
import {byId, button, make, setValue, show} from './page.js';

export class Form {
    constructor(work) {
        this.work = work;
        this.item = null;
        this.form = byId('wb-form');
        this.capacities = new Capacities(work);
        this.form.addEventListener('submit', (event) => { event.preventDefault(); work.run('saveAndGoOn'); });
        this.form.addEventListener('input', (event) => this.typed(event));
        this.form.addEventListener('keydown', (event) => this.pressed(event));
        this.form.addEventListener('click', (event) => this.clicked(event));
    }

    typed({target}) {
        const name = target.dataset.field;
        if (name && this.item) {
            this.work.edit(this.item, {[name]: target.type === 'checkbox' ? target.checked : target.value}, {isTyped: true});
        }
    }

    /* Enter in a line has nothing to send: it goes back to the text, where it accepts and saves. */
    pressed(event) {
        const isLine = event.target.matches('input[data-field]') && event.target.type === 'text';
        if (event.key === 'Enter' && isLine && !event.ctrlKey && !event.metaKey && !event.isComposing) {
            event.preventDefault();
            this.work.leave();
        }
    }

    clicked(event) {
        const pressed = event.target.closest('button');
        const choices = pressed?.closest('[data-choices]')?.dataset.choices;
        if (!pressed) {
            return;
        }
        if (choices === 'stance') {
            this.work.code(pressed.dataset.value);
        } else if (choices) {
            this.work.choose(choices, pressed.dataset.value);
        } else if (pressed.dataset.command) {
            this.work.run(pressed.dataset.command);
        } else {
            return;
        }
        this.work.leave();
    }

    show(item) {
        this.item = item;
        show(byId('wb-empty'), !item);
        show(byId('wb-fields'), Boolean(item));
        this.head(item);
        if (!item) {
            show(byId('wb-problem'), false);
            return;
        }
        const values = this.work.items.values(item);
        this.words(item, values);
        this.press('kind', values.kind);
        this.press('source_type', values.source_type);
        this.source(item, values);
        this.stance(item);
        this.form.querySelectorAll('[data-field]').forEach((field) => {
            if (field.type === 'checkbox') {
                field.checked = values[field.dataset.field];
            } else {
                setValue(field, values[field.dataset.field]);
            }
        });
        this.errors(item);
        this.buttons(item);
        byId('wb-fields').classList.toggle('wb-readonly', Boolean(item.record && !item.record.may_change));
    }

    head(item) {
        const {items} = this.work;
        const heading = byId('wb-form-heading');
        const state = byId('wb-form-state');
        if (!item) {
            heading.textContent = 'No quote chosen';
            state.replaceChildren();
            return;
        }
        const isProposal = items.isProposal(item);
        heading.textContent = isProposal ? 'Proposed quote' : item.record ? 'Quote' : 'New quote';
        const [kind, label] = item.error ? ['withdrawn', 'not saved: see below']
            : item.sending ? ['quiet', 'saving…']
                : item.draft?.ready ? ['in_review', 'waits to be saved']
                    : item.draft ? ['in_review', 'not saved']
                        : isProposal ? ['quiet', 'nothing is saved yet'] : [item.record.status, item.record.status_label];
        state.replaceChildren(make('span', `qb-chip qb-${kind}`, label));
    }

    words(item, values) {
        const {offsets} = this.work;
        const box = byId('wb-words');
        const isIndirect = values.kind === 'indirect';
        const parts = values.segments.map((segment, number) => {
            const words = offsets.words(segment);
            const part = make('q', isIndirect ? 'wb-part wb-indirect' : 'wb-part', words);
            if (values.segments.length < 2) {
                return part;
            }
            const without = button('×', 'wb-without', () => this.work.removeSegment(number));
            without.title = without.ariaLabel = `Leave out part ${number + 1}`;
            return make('span', 'wb-part-row', part, without);
        });
        box.replaceChildren(...parts.flatMap((part, number) => (number ? [' […] ', part] : [part])));
    }

    press(name, value) {
        this.form.querySelectorAll(`[data-choices="${name}"] button`).forEach((choice) => {
            choice.setAttribute('aria-pressed', String(choice.dataset.value === value));
        });
    }

    source(item, values) {
        const isPerson = values.source_type === 'person';
        const input = byId('wb-speaker');
        show(byId('wb-speaker-row'), isPerson);
        if (document.activeElement !== input) {
            setValue(input, values.speaker?.name ?? '');
        }
        const offer = this.work.offerOf(item);
        this.offer(isPerson && !values.speaker ? offer : null);
        show(byId('wb-capacity-row'), isPerson && Boolean(values.speaker));
        if (isPerson && values.speaker) {
            this.capacities.show(item, values);
        }
        show(byId('wb-for-row'), isPerson);
        show(byId('wb-organization-row'), !isPerson || values.speaks_for_organization);
        const organization = byId('wb-organization');
        if (document.activeElement !== organization) {
            setValue(organization, values.organization?.name ?? '');
        }
    }

    offer(offer) {
        const box = byId('wb-offer');
        show(box, Boolean(offer));
        if (offer) {
            const about = make('span', 'wb-offer-about', offer.label ? `${offer.label} · ${offer.why}` : offer.why);
            const accept = make('button', 'wb-accept', make('kbd', '', 'Enter'), ' accepts');
            accept.type = 'button';
            accept.dataset.command = 'accept';
            box.replaceChildren(make('strong', '', offer.speaker.name), ' ', about, ' ', accept);
        }
    }

    stance(item) {
        const {work} = this;
        const {topic} = work;
        const {mine, final} = topic ? work.items.coding(item, topic.id) : {mine: null, final: null};
        this.press('stance', mine?.stance ?? '');
        const toward = byId('wb-toward');
        const others = final && !(mine?.final) ? ` Final so far: ${work.state.labels.stance[final.stance]}.` : '';
        const own = mine?.final ? ' Yours is the final one.' : '';
        const may = work.state.may.code ? '' : ' You have no right to code: the group “coder” has it.';
        toward.replaceChildren(topic ? `toward: ${topic.name}.${own}${others}${may}` : `No topic chosen yet.${may}`);
        if (mine && work.state.may.finalise && !mine.final && topic) {
            const final = make('button', 'wb-accept', make('kbd', '', 'f'), ' makes it final');
            final.type = 'button';
            final.dataset.command = 'final';
            toward.append(' ', final);
        }
    }

    errors(item) {
        const errors = item.error?.errors ?? {};
        const named = new Set();
        this.form.querySelectorAll('[data-error]').forEach((line) => {
            const {error} = line.dataset;
            const found = Object.keys(errors).filter((name) => error !== '' && error !== 'making' && belongs(name, error));
            found.forEach((name) => named.add(name));
            if (error !== '' && error !== 'making') {
                line.textContent = found.flatMap((name) => errors[name]).join(' ');
                show(line, found.length > 0);
            }
        });
        const rest = Object.keys(errors).filter((name) => !named.has(name)).flatMap((name) => errors[name]);
        const line = this.form.querySelector('[data-error=""]');
        const detail = item.error && !Object.keys(errors).length && !this.work.conflict.handles(item.error) ? [item.error.detail] : [];
        line.textContent = [...rest, ...detail].join(' ');
        show(line, rest.length + detail.length > 0);
        const inMore = [...named].some((name) => byId('wb-more').querySelector(`[data-field="${name}"]`));
        if (inMore) {
            byId('wb-more').open = true;
        }
        this.work.conflict.show(item);
    }

    buttons(item) {
        const {items} = this.work;
        const isProposal = items.isProposal(item);
        const saveLabel = isProposal ? 'Accept' : 'Save and go on';
        byId('wb-save').replaceChildren(saveLabel, ' ', make('kbd', '', isProposal ? 'Enter' : 'Ctrl Enter'));
        const reject = byId('wb-reject');
        show(reject, !items.isSaved(item) && !item.sending);
        reject.replaceChildren(isProposal ? 'Reject ' : item.record ? 'Let changes go ' : 'Let it go ', make('kbd', '', 'x'));
        show(byId('wb-review'), item.record?.status === 'draft');
        const full = byId('wb-full');
        show(full, Boolean(item.record));
        if (item.record) {
            full.href = item.record.url;
        }
    }
}

/* Whether an error of the server's is about the field: also "segments[0]", "values.cue", "capacities[1].standing". */
function belongs(name, field) {
    const path = name.replace(/^(values|codings\[\d+\])\./u, '');
    return path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`)
        || (field === 'capacities' && path.startsWith('affiliations'));
}
