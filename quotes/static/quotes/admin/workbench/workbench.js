/* The workbench's page: begins with what the server wrote into it, shows what changes, and turns keys into deeds. */

import {Choosing} from './choosing.js';
import {commandsOf} from './commands.js';
import {Drafts} from './drafts.js';
import {Help} from './help.js';
import {commandOf} from './keys.js';
import {Listing} from './listing.js';
import {marks} from './marks.js';
import {Notices} from './notices.js';
import {Offsets} from './offsets.js';
import {byId, setValue, show} from './page.js';
import {restore} from './resume.js';
import {Selecting} from './selecting.js';
import {Refused, Server} from './server.js';
import {Sync} from './sync.js';
import {TextView} from './text.js';
import {Work} from './work.js';

class Page {
    constructor(state, root) {
        this.root = root;
        this.state = state;
        this.offsets = new Offsets(state.text);
        this.text = new TextView(byId('wb-text'), state.text, state.article.language);
        this.selecting = new Selecting(this.text);
        this.drafts = new Drafts(state.user, state.article.id);
        const token = root.querySelector('[name=csrfmiddlewaretoken]').value;
        const server = new Server(root.dataset.base, state.user, token);
        this.notices = new Notices(this, root.dataset.login);
        this.work = new Work({state, server, text: this.text, offsets: this.offsets, drafts: this.drafts, page: this});
        this.sync = new Sync({
            server, items: this.work.items, changed: (item) => this.work.changed(item), told: (...told) => this.told(...told),
        });
        this.help = new Help(this.drafts);
        this.commands = commandsOf(this);
        this.choosing = new Choosing(this);
        this.connect();
        restore(this);
        this.show();
        this.text.root.focus({preventScroll: true});
    }

    connect() {
        document.addEventListener('keydown', (event) => this.press(event));
        this.text.root.addEventListener('click', (event) => this.clicked(event));
        this.text.root.addEventListener('scroll', () => this.keepPlace(), {passive: true});
        this.listing = new Listing(byId('wb-list'), (key) => { this.work.go(this.work.items.get(key)); this.leave(); });
        window.addEventListener('focus', () => this.look());
        window.addEventListener('online', () => this.look());
        window.addEventListener('beforeunload', (event) => {
            if (!this.drafts.works && this.work.items.ordered().some((item) => item.draft)) {
                event.preventDefault();
            }
        });
    }

    press(event) {
        const command = commandOf(event, this.help.areKeysOn());
        if (command) {
            event.preventDefault();
            this.run(command);
        }
    }

    run(command) {
        this.commands[command]();
    }

    toSpeaker() {
        const item = this.work.item();
        if (!item) {
            this.note('Go to a quote first, with j or k.');
        } else if (this.work.items.values(item).source_type === 'person') {
            const said = this.work.items.values(item).speaker ? '' : this.work.proposalAt(this.work.items.values(item).segments)?.meant;
            this.choosing.askSpeaker(said || byId('wb-speaker').value);
        } else {
            byId('wb-organization').focus();
        }
    }

    sameSpeaker() {
        const item = this.work.item();
        const last = this.work.lastSpeaker;
        if (item && last) {
            this.work.takeOffer(item, last);
            this.note(`${last.speaker.name}, as before.`);
        } else {
            this.note(item ? 'Nobody was chosen before.' : 'Go to a quote first, with j or k.');
        }
    }

    cycle(name, values) {
        const item = this.work.item();
        if (item) {
            const at = values.indexOf(this.work.items.values(item)[name]);
            const next = values[(at + 1) % values.length];
            this.work.choose(name, next);
            this.note(`${name === 'kind' ? 'Kind' : 'Source'}: ${next}.`);
        }
    }

    toArticle(which) {
        const address = this.state.neighbours[which];
        if (address) {
            window.location.assign(address);
        } else {
            this.note(`There is no ${which} article.`);
        }
    }

    async review() {
        const item = this.work.item();
        if (!item?.record || item.draft || item.record.status !== 'draft') {
            this.note(item?.record && !item.draft ? `This quote is ${item.record.status_label}.` : 'Save the quote first.');
            return;
        }
        try {
            const answer = await this.sync.ask(
                () => this.work.server.post(`quotes/${item.record.id}/submit/`, {version: item.record.version}));
            if (answer) {
                this.work.undo.pushReview(item);
                item.record = answer.quote;
                this.show();
                this.note('Sent to review.');
            }
        } catch (error) {
            if (!(error instanceof Refused)) {
                throw error;
            }
            if (error.body.quote) {
                item.record = error.body.quote;
            }
            this.show();
            this.note(error.message);
        }
    }

    clicked(event) {
        const key = event.target.closest('mark')?.dataset.key;
        if (key && !this.text.selected()) {
            this.work.go(this.work.items.get(key), {isQuiet: true});
        }
        const selection = document.getSelection();
        if (selection.rangeCount && selection.isCollapsed && this.text.root.contains(selection.anchorNode)) {
            this.selecting.at(this.text.unitAt(selection.anchorNode, selection.anchorOffset));
        }
    }

    /* What the sending of drafts has to say. */
    told(what, item, more) {
        this.notices.show();
        if (what === 'saved') {
            this.work.undo.saved(item, item.record);
            this.notices.saved(this.sync.waiting().length);
            this.work.form.show(this.work.item());
        } else if (what === 'refused') {
            this.notices.refused(item);
            const current = this.work.item();
            if (item !== current && !current?.draft && !document.activeElement.closest('input, textarea, select')) {
                this.work.go(item);
            }
        } else if (what === 'away') {
            this.note(more.message === more.reason ? '' : more.message);
        }
        this.show();
    }

    /* The window is looked at again: what others did meanwhile, and what could not be sent. */
    async look() {
        if (this.isLooking) {
            return;
        }
        this.isLooking = true;
        this.sync.send();
        const answer = await this.sync.ask(() => this.work.server.get('quotes/')).catch(() => null);
        this.isLooking = false;
        if (answer) {
            this.work.items.refresh(answer.quotes);
            if (!this.work.item()) {
                this.work.current = null;
            }
            this.show();
        }
    }

    leave() {
        this.text.root.focus({preventScroll: true});
    }

    note(sentence) {
        this.notices.note(sentence);
    }

    keepPlace() {
        clearTimeout(this.placing);
        this.placing = setTimeout(() => this.drafts.write('place', {
            current: this.work.item()?.record?.id ?? this.work.current,
            topic: this.work.topic?.id ?? null,
            scroll: this.text.root.scrollTop,
            snapshot: this.state.snapshot,
        }), 50);
        this.drafts.write('rejected', [...this.work.items.rejected]);
    }

    /* The form at once, for what is focused next stands in it; text and list once, however much one key changes. */
    show() {
        this.work.form.show(this.work.item());
        this.showTopic();
        this.notices.show();
        /* How much is still to be sent: for whoever drives the page from outside. */
        this.root.dataset.unsent = String(this.sync?.waiting().length ?? 0);
        if (!this.isPainting) {
            this.isPainting = true;
            queueMicrotask(() => { this.isPainting = false; this.paint(); });
        }
    }

    paint() {
        const {items, topic, current} = this.work;
        const ordered = items.ordered();
        const view = {items, offsets: this.offsets, current, topic, labels: this.state.labels.stance};
        this.text.paint(marks(ordered, view));
        this.listing.show(ordered, view);
        this.showProgress(ordered);
    }

    showTopic() {
        const {topic} = this.work;
        if (document.activeElement !== byId('wb-topic')) {
            setValue(byId('wb-topic'), topic?.name ?? '');
        }
        byId('wb-proposition').textContent = topic?.proposition ?? 'none chosen yet';
    }

    showProgress(ordered) {
        const {items, topic} = this.work;
        const quotes = ordered.filter((item) => !items.isProposal(item));
        const coded = topic ? quotes.filter((item) => items.stance(item, topic.id)).length : 0;
        const proposed = ordered.length - quotes.length;
        const parts = [`${quotes.length} ${quotes.length === 1 ? 'quote' : 'quotes'}`, topic ? `${coded} coded` : '', proposed ? `${proposed} proposed` : ''];
        byId('wb-progress').textContent = parts.filter(Boolean).join(' · ');
        const elsewhere = items.elsewhere().length;
        const {draftsElsewhere = 0} = this.work;
        show(byId('wb-elsewhere'), elsewhere + draftsElsewhere > 0);
        byId('wb-elsewhere').textContent = [
            elsewhere ? `${elsewhere} more stand in another text of this article, or in none.` : '',
            draftsElsewhere ? `Not saved, in another text of this article: ${draftsElsewhere}.` : '',
        ].join(' ');
    }
}

const root = byId('wb');
const state = byId('wb-state');
if (root && state) {
    new Page(JSON.parse(state.textContent), root);
    root.dataset.ready = 'yes';
}
