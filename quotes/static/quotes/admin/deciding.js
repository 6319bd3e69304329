/* The keys of the screen for doubtful names. They choose and press what is on the page, and are off inside fields. */
'use strict';
(() => {
    const form = document.getElementById('qb-decision');
    const keys = document.getElementById('qb-keys');
    const open = document.getElementById('qb-keys-open');
    if (!form) {
        return;
    }
    let isLeaving = false;

    function isField(element) {
        const isTyping = element.tagName === 'INPUT' && element.type !== 'radio';
        return element.isContentEditable || isTyping || ['TEXTAREA', 'SELECT'].includes(element.tagName)
            || Boolean(element.closest('.select2-container'));
    }

    function choose(key) {
        const radio = [...form.querySelectorAll('input[name="who"]')].find((one) => one.dataset.key === key);
        if (radio) {
            radio.checked = true;
            radio.focus();
        }
        return Boolean(radio);
    }

    function act(event) {
        if (event.key === '?') {
            keys.showModal();
        } else if (event.key === 'j') {
            const next = document.getElementById('qb-next');
            if (next) {
                next.click();
            } else {
                document.getElementById('qb-said').textContent = 'There is no next one.';
            }
        } else if (event.key === 'Enter' && !event.target.closest('a, button, summary')) {
            form.requestSubmit(document.getElementById('qb-decide'));
        } else {
            return choose(event.key);
        }
        return true;
    }

    document.addEventListener('keydown', (event) => {
        /* A key that is held down would decide about the next name too. */
        const isOurs = !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
        if (isOurs && !isLeaving && !keys.open && !isField(event.target) && act(event)) {
            event.preventDefault();
        }
    });

    /* Whoever fills in what stands beside a choice has made that choice. */
    form.addEventListener('input', (event) => {
        if (event.target.name === 'wikidata_id' && event.target.value) {
            choose('0');
            event.target.focus();
        }
    });
    window.addEventListener('load', () => {
        if (window.django && window.django.jQuery) {
            window.django.jQuery('#id_other').on('select2:select', () => { choose('o'); });
        }
    });

    open.hidden = false;
    open.addEventListener('click', () => keys.showModal());
    form.addEventListener('submit', (event) => {
        if (isLeaving) {
            event.preventDefault();
        }
        isLeaving = true;
    });
    /* Back from the next page, the browser may show this one as it was left. */
    window.addEventListener('pageshow', () => { isLeaving = false; });
})();
