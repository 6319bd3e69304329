/* The keys of the review screen. They press the buttons and follow the links that are on the page, and are off inside fields. */
'use strict';
(() => {
    const find = (id) => document.getElementById(id);
    const keys = find('qb-keys');
    const open = find('qb-keys-open');
    const form = find('qb-decision');
    const comment = find('qb-comment');
    let isLeaving = false;

    function say(words) {
        const status = find('qb-said');
        status.textContent = '';
        /* What is said twice is told twice. */
        window.requestAnimationFrame(() => { status.textContent = words; });
    }

    function press(id, instead) {
        const target = find(id);
        if (!target) {
            say(instead);
        } else if (target.disabled) {
            const reason = find('qb-obstacles');
            reason.tabIndex = -1;
            reason.focus();
            say(reason.textContent);
        } else {
            target.click();
        }
    }

    const DOES = {
        p: () => press('qb-publish', 'This cannot be published here.'),
        r: () => {
            if (comment && find('qb-return')) {
                comment.focus();
            } else {
                say('This cannot be returned: it is not in review.');
            }
        },
        j: () => press('qb-next', 'There is no next one.'),
        k: () => press('qb-previous', 'There is none before.'),
        e: () => press('qb-edit', 'You cannot change it.'),
        '?': () => keys.showModal(),
    };

    function isField(element) {
        return element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName);
    }

    document.addEventListener('keydown', (event) => {
        if (event.target === comment) {
            inComment(event);
            return;
        }
        /* A key that is held down would decide about the next quote too. */
        const isOurs = !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
        if (isOurs && !isLeaving && !keys.open && !isField(event.target) && Object.hasOwn(DOES, event.key)) {
            event.preventDefault();
            DOES[event.key]();
        }
    });

    function inComment(event) {
        if (event.key === 'Escape' && !event.isComposing) {
            comment.blur();
        } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            press('qb-return', 'This cannot be returned: it is not in review.');
        }
    }

    const whole = document.querySelector('.qb-whole');
    if (whole) {
        whole.addEventListener('toggle', () => {
            const text = whole.querySelector('.qb-text');
            const mark = text.querySelector('.qb-this');
            if (whole.open && mark) {
                text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
            }
        });
    }

    open.hidden = false;
    open.addEventListener('click', () => keys.showModal());
    if (form) {
        form.addEventListener('submit', (event) => {
            /* A second press, while the answer is on its way, would decide nothing, but take the answer away. */
            if (isLeaving) {
                event.preventDefault();
                return;
            }
            if (event.submitter && event.submitter.id === 'qb-return' && !comment.value.trim()) {
                event.preventDefault();
                comment.focus();
                comment.setAttribute('aria-invalid', 'true');
                say('Say what the curator should look at again.');
                return;
            }
            isLeaving = true;
        });
    }
    /* Back from the next page, the browser may show this one as it was left. */
    window.addEventListener('pageshow', () => { isLeaving = false; });
})();
