/* Nothing typed is lost. What is typed into a form is kept in this browser until the server says that it is saved (a cookie
   that names the draft); on coming back it is offered, and never put in by itself. Before a form is sent, the server is asked
   whether it is there and who is logged in; if not, the form stays, with everything in it.
   A draft: {at: milliseconds, values: [[name, value], …]} under "qb-draft|user|path|id". */
'use strict';
window.addEventListener('load', () => {
    const PREFIX = 'qb-draft';
    const EXPIRES = 14 * 24 * 3600 * 1000;
    const PAUSE = 400;
    const WAIT = 10000;
    const field = document.querySelector('input[name="draft"][data-user]');
    const form = field && field.form;

    /* What is kept. A browser that keeps nothing (private windows, a full disk) throws on any of these. */

    function read(key) {
        try {
            const draft = JSON.parse(localStorage.getItem(key));
            return draft && Array.isArray(draft.values) && Number.isFinite(draft.at) ? draft : null;
        } catch {
            return null;
        }
    }

    function keys(...start) {
        const begins = [PREFIX, ...start].join('|') + '|';
        try {
            return Object.keys(localStorage).filter((key) => key.startsWith(begins));
        } catch {
            return [];
        }
    }

    function write(key, draft) {
        const older = keys().filter((one) => one !== key).sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0));
        for (;;) {
            try {
                localStorage.setItem(key, JSON.stringify(draft));
                return true;
            } catch {
                if (!older.length) {
                    return false;
                }
                localStorage.removeItem(older.shift());
            }
        }
    }

    function forgetSaved() {
        for (const [, id] of document.cookie.matchAll(/(?:^|; )saved_([a-z0-9]+)=/g)) {
            keys().filter((key) => key.endsWith('|' + id)).forEach((key) => localStorage.removeItem(key));
            document.cookie = `saved_${id}=; path=/; max-age=0`;
        }
    }
    function forgetOld() {
        keys().filter((key) => !(Date.now() - (read(key)?.at ?? 0) < EXPIRES)).forEach((key) => localStorage.removeItem(key));
    }

    /* Bars, above everything else on the page. */

    function bar(id, text, parts) {
        document.getElementById(id)?.remove();
        const box = document.createElement('div');
        box.id = id;
        box.className = 'qb-bar';
        box.setAttribute('role', 'alert');
        box.append(text, ...parts);
        document.getElementById('content').prepend(box);
        return box;
    }

    function button(label, act) {
        const one = document.createElement('button');
        one.type = 'button';
        one.className = 'button';
        one.textContent = label;
        one.addEventListener('click', act);
        return one;
    }

    forgetOld();
    forgetSaved();

    const loggedOut = document.getElementById('qb-logged-out');
    if (loggedOut && keys().length) {
        const box = bar('qb-kept', 'Texts that you typed and did not save are still kept in this browser, for two weeks. ', [
            button('Keep them for my next login', () => box.remove()),
            button('Remove them', () => { keys().forEach((key) => localStorage.removeItem(key)); box.remove(); }),
        ]);
    }
    if (!form) {
        return;
    }

    /* The form, and its draft. */

    const place = [field.dataset.user, location.pathname + location.search];
    const isCarriedOn = field.value !== '';
    field.value = field.value || Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(36).padStart(2, '0')).join('');
    const own = [PREFIX, ...place, field.value].join('|');
    const secret = new Set([...form.querySelectorAll('input[type=password]')].map((input) => input.name));

    function values() {
        return [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !secret.has(name)
            && name !== 'csrfmiddlewaretoken' && name !== 'draft' && name !== 'restored_draft' && !name.includes('__prefix__'));
    }

    /* As shown; of a page that came back with what was typed, nobody knows any more what stood there before. */
    const shown = isCarriedOn ? '' : JSON.stringify(values());
    let kept = '';
    let timer = 0;

    function keep() {
        clearTimeout(timer);
        timer = 0;
        const now = values();
        const written = JSON.stringify(now);
        if (written === kept) {
            return true;
        }
        kept = written;
        if (written === shown) {
            localStorage.removeItem(own);
            return true;
        }
        return write(own, {at: Date.now(), values: now});
    }

    function soon() {
        timer = timer || setTimeout(keep, PAUSE);
    }

    /* jQuery's events too, which select2 triggers; clicks, as calendars and our buttons fill fields without an event. */
    django.jQuery(form).on('input change', soon);
    document.addEventListener('click', soon);
    document.addEventListener('keyup', soon);
    document.addEventListener('formset:added', soon);
    document.addEventListener('formset:removed', soon);
    document.addEventListener('visibilitychange', keep);
    window.addEventListener('pagehide', keep);
    if (isCarriedOn) {
        keep();
    }

    /* Coming back. The server puts a draft into the form, as it puts in what it refused to save: it knows the choices'
       names and the rows, and compares with what others saved since. */

    function restore(key, draft) {
        const sent = document.createElement('form');
        sent.method = 'post';
        sent.action = form.action;
        const token = form.elements.csrfmiddlewaretoken.value;
        const more = [['csrfmiddlewaretoken', token], ['draft', key.split('|').pop()], ['restored_draft', String(Math.floor(draft.at / 1000))]];
        for (const [name, value] of [...draft.values, ...more]) {
            const input = document.createElement('textarea');
            input.name = name;
            input.value = value;
            sent.append(input);
        }
        sent.hidden = true;
        document.body.append(sent);
        HTMLFormElement.prototype.submit.call(sent);
    }

    function offer(key, draft) {
        const when = new Date(draft.at).toLocaleString([], {dateStyle: 'long', timeStyle: 'short'});
        const box = bar(`qb-draft-${key.split('|').pop()}`, `You typed something here on ${when} that was not saved. `, [
            button('Restore', () => restore(key, draft)),
            button('Discard', () => { localStorage.removeItem(key); box.remove(); }),
        ]);
        box.setAttribute('role', 'status');
    }

    keys(...place).filter((key) => key !== own).forEach((key) => offer(key, read(key)));

    /* Before sending. */

    let isSure = false;

    async function ask() {
        const answer = await fetch(field.dataset.alive, {
            cache: 'no-store', credentials: 'same-origin', headers: {Accept: 'application/json'}, redirect: 'error',
            signal: AbortSignal.timeout(WAIT),
        });
        if (!answer.ok) {
            throw new Error(`status ${answer.status}`);
        }
        return answer.json();
    }

    function explain(text, isKept, link) {
        const also = isKept ? ' What you typed stays here, and is kept in this browser.' : ' What you typed stays here.';
        const parts = [];
        if (link) {
            const anchor = document.createElement('a');
            Object.assign(anchor, {href: field.dataset.login, target: '_blank', rel: 'noopener', textContent: 'Log in in a new tab'});
            const sentence = document.createElement('span');
            sentence.append(anchor, ', then save here.');
            parts.push(sentence);
        }
        const box = bar('qb-away', text + also, parts);
        box.tabIndex = -1;
        box.focus();
    }

    async function check(submitter) {
        const isKept = keep();
        try {
            const answer = await ask();
            if (String(answer.user) === field.dataset.user) {
                document.getElementById('qb-away')?.remove();
                document.getElementsByName('csrfmiddlewaretoken').forEach((input) => { input.value = answer.csrf; });
                isSure = true;
                form.requestSubmit(submitter);
                isSure = false;
            } else if (answer.user === null) {
                explain('You are logged out, so nothing was sent.', isKept, true);
            } else {
                explain('Somebody else is logged in in this browser now, so nothing was sent.', isKept, true);
            }
        } catch {
            explain('The server does not answer, so nothing was sent. Try again in a moment.', isKept, false);
        }
    }

    form.addEventListener('submit', (event) => {
        if (!isSure) {
            event.preventDefault();
            check(event.submitter);
        }
    });
});
