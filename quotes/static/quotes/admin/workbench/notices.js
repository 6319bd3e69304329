/* What the page says: short notes, politely; and what stands in the way of saving, in a bar that stays. */

import {byId, button, make, show} from './page.js';

const SAID = {
    away: 'The server cannot be reached. Everything is kept in this browser and is sent as soon as it is back.',
    session: 'You are not logged in any more. Everything is kept in this browser: log in, in another tab, and it is saved.',
    user: 'Somebody else is logged in by now. Everything is kept in this browser for you: log in again as yourself.',
};

export class Notices {
    constructor(page, login) {
        this.page = page;
        this.login = login;
        this.alert = byId('wb-alert');
        this.shown = '';
    }

    note(sentence) {
        const line = byId('wb-note');
        /* The same sentence twice is news too. */
        line.textContent = sentence === line.textContent ? `${sentence}\u00a0` : sentence;
    }

    /* What was undone is news for longer than that this was saved. */
    saved(waiting) {
        if (!byId('wb-note').textContent.startsWith('Undone')) {
            this.note(waiting ? 'Saving…' : 'Saved.');
        }
    }

    refused(item) {
        const {error} = item;
        this.note(error ? `Not saved: ${error.detail ?? ''}` : '');
    }

    show() {
        const {sync, work} = this.page;
        if (!sync) {
            return;
        }
        const wrong = work.items.ordered().filter((item) => item.error && item.draft && item !== work.item());
        const waiting = sync.away ? sync.waiting().length : 0;
        const storage = this.page.drafts.works ? '' : 'This browser keeps no drafts: what is not saved is lost with the window.';
        const looks = JSON.stringify([sync.away, waiting, wrong.map((item) => item.key), storage]);
        if (looks === this.shown) {
            return;
        }
        this.shown = looks;
        this.alert.replaceChildren(...this.lines(sync.away, waiting, wrong, storage));
        show(this.alert, this.alert.childElementCount > 0);
    }

    lines(away, waiting, wrong, storage) {
        const lines = [];
        if (away) {
            const count = waiting ? ` ${waiting === 1 ? 'One quote waits' : `${waiting} quotes wait`} to be saved.` : '';
            const login = make('a', '', 'Log in');
            login.href = this.login;
            login.target = '_blank';
            login.rel = 'noopener';
            lines.push(make('p', '', SAID[away] + count, ' ', away === 'away' ? '' : login, ' ',
                button('Try again', 'button wb-plain', () => this.page.look())));
        }
        if (wrong.length) {
            const label = wrong.length === 1 ? 'One quote could not be saved.' : `${wrong.length} quotes could not be saved.`;
            lines.push(make('p', '', label, ' ', button('Look at it', 'button wb-plain', () => this.page.work.go(wrong[0]))));
        }
        return storage ? [...lines, make('p', '', storage)] : lines;
    }
}
