/* The coder's and the adjudicator's screens by keys alone. What is typed and not saved is kept in this tab until it is. */
'use strict';
/* Deferred, so the page is there; not later, or the first keys would be lost. */
(() => {
    const desk = document.getElementById('qbd-desk');
    if (!desk) {
        return;
    }
    const form = document.getElementById('qbd-form');
    const help = document.getElementById('qbd-help');
    const helpButton = document.getElementById('qbd-help-button');
    let isSent = false;

    /* Drafts: one for each quote at this desk. */
    const draft = `qbd:${desk.dataset.place}:${desk.dataset.quote}`;

    function keepDraft() {
        const fields = new FormData(form);
        const typed = Object.fromEntries(['stance', 'certainty', 'justification'].map((name) => [name, fields.get(name)]));
        sessionStorage.setItem(draft, JSON.stringify(typed));
    }

    function bringBackDraft() {
        const kept = sessionStorage.getItem(draft);
        if (!kept) {
            return;
        }
        const typed = JSON.parse(kept);
        form.querySelectorAll('input[type="radio"]').forEach((radio) => {
            radio.checked = typed[radio.name] ? typed[radio.name] === radio.value : radio.checked;
        });
        form.elements.justification.value = typed.justification;
        say('Not saved yet: what you chose here before.');
    }

    function say(words) {
        document.getElementById('qbd-said').textContent = words;
    }

    function choose(name, key) {
        const radio = form.querySelector(`input[name="${name}"][data-key="${key}"]`);
        if (radio) {
            radio.checked = true;
            radio.focus();
            keepDraft();
        }
        return Boolean(radio);
    }

    function follow(id) {
        const link = document.getElementById(id);
        if (link) {
            link.click();
        }
    }

    const isWriting = (element) => element.closest('textarea, select, input:not([type="radio"]):not([type="submit"]), [contenteditable]');

    const ACTIONS = {
        c: () => form && form.elements.justification.focus(),
        u: () => follow('qbd-undo-button'),
        j: () => follow('qbd-after'),
        k: () => follow('qbd-before'),
        '?': () => help && help.showModal(),
    };

    document.addEventListener('keydown', (event) => {
        if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing || (help && help.open)) {
            return;
        }
        if (event.key === 'Enter' && event.ctrlKey && form) {
            event.preventDefault();
            form.requestSubmit();
            return;
        }
        if (isWriting(event.target)) {
            if (event.key === 'Escape') {
                event.target.blur();
            }
            return;
        }
        if (event.ctrlKey) {
            return;
        }
        if (event.key === 'Enter' && form) {
            /* The help that was closed a moment ago may still have the focus. */
            const isButton = event.target.closest('a, button, summary, input[type="submit"]');
            if (!isButton || help.contains(event.target)) {
                event.preventDefault();
                form.requestSubmit();
            }
        } else if (form && (/^[1-6]$/u.test(event.key) ? choose('stance', event.key) : choose('certainty', event.key))) {
            event.preventDefault();
        } else if (Object.hasOwn(ACTIONS, event.key)) {
            event.preventDefault();
            ACTIONS[event.key]();
        }
    });

    if (desk.dataset.saved) {
        sessionStorage.removeItem(`qbd:${desk.dataset.saved}`);
    }
    if (!form) {
        return;
    }
    /* A key that is held down would send the form twice. */
    form.addEventListener('submit', (event) => {
        if (isSent) {
            event.preventDefault();
        }
        isSent = true;
    });
    window.addEventListener('pageshow', () => { isSent = false; });
    form.addEventListener('input', keepDraft);
    bringBackDraft();
    helpButton.hidden = false;
    helpButton.addEventListener('click', () => help.showModal());
    const mark = desk.querySelector('.qb-this');
    const text = desk.querySelector('.qbd-text');
    if (mark && text) {
        text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
    }
})();
