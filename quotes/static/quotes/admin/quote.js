/* A quote's page: the marked words are scrolled into view, selected words become the quote's, and only the speaker's own
   affiliations and the article's own snapshots are offered. Positions are counted in Unicode code points, as the database counts them. */
'use strict';
window.addEventListener('load', () => {
    const $ = django.jQuery;
    const text = document.getElementById('qb-text');
    const words = document.querySelector('textarea.qb-words');
    const starts = document.querySelector('input.qb-starts');
    const speaker = document.getElementById('id_speaker');
    const article = document.getElementById('id_article');
    const MARKS = /^[\s“”"„«»]+|[\s“”"„«»]+$/gu;

    function scrollToMark() {
        const mark = text.querySelector('.qb-this');
        if (mark) {
            text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
        }
    }

    /* The selected words of the text, without white space and marks at their ends, and where they begin. */
    function selected() {
        const selection = window.getSelection();
        if (!selection.rangeCount || selection.isCollapsed) {
            return null;
        }
        const range = selection.getRangeAt(0);
        if (!text.contains(range.commonAncestorContainer)) {
            return null;
        }
        const before = document.createRange();
        before.setStart(text, 0);
        before.setEnd(range.startContainer, range.startOffset);
        const raw = range.toString();
        const trimmed = raw.replace(MARKS, '');
        const start = [...(before.toString() + raw.slice(0, raw.indexOf(trimmed)))].length;
        return trimmed ? {words: trimmed.replace(/\s+/gu, ' '), start: start} : null;
    }

    function lines(field, separator) {
        return field.value.split(separator).map((part) => part.trim()).filter(Boolean);
    }

    function take(isFurther) {
        const found = selected();
        if (!found) {
            return;
        }
        words.value = [...(isFurther ? lines(words, '\n') : []), found.words].join('\n');
        starts.value = [...(isFurther ? lines(starts, ',') : []), found.start].join(', ');
        words.focus();
    }

    if (text) {
        scrollToMark();
        const buttons = ['qb-take', 'qb-add'].map((id) => document.getElementById(id)).filter(Boolean);
        buttons.forEach((button) => {
            /* A click must not take the selection away before it is read. */
            button.addEventListener('mousedown', (event) => event.preventDefault());
            button.addEventListener('click', () => take(button.id === 'qb-add'));
        });
        document.addEventListener('selectionchange', () => {
            const hasWords = selected() !== null;
            buttons.forEach((button) => { button.disabled = !hasWords; });
        });
    }

    /* On the page of a new quote, the article's text comes with the article. */
    if (article && document.querySelector('.qb-panel[data-is-new]')) {
        $(article).on('select2:select', () => {
            if (!words.value.trim()) {
                window.location.search = '?article=' + encodeURIComponent(article.value);
            }
        });
    }

    /* Offer only what belongs to the record chosen in another field. */
    function limit(root, name, parameter, owner) {
        $(root).find(`select[data-field-name="${name}"]`).not('[name*=__prefix__]').each((_, element) => {
            $(element).select2({ajax: {cache: false, data: (params) => ({
                term: params.term,
                page: params.page,
                app_label: element.dataset.appLabel,
                model_name: element.dataset.modelName,
                field_name: element.dataset.fieldName,
                [parameter]: owner.value,
            })}});
        });
    }

    /* "Add another affiliation" opens with the speaker filled in. */
    function nameSpeakerInAddLinks() {
        document.querySelectorAll('[id^="add_id_affiliations-"]').forEach((link) => {
            const address = new URL(link.href);
            address.searchParams.set('person', speaker.value);
            link.href = address.toString();
        });
    }

    if (article) {
        limit(document, 'snapshot', 'of_article', article);
    }
    if (speaker) {
        limit(document, 'affiliation', 'of_speaker', speaker);
        nameSpeakerInAddLinks();
        $(speaker).on('change', nameSpeakerInAddLinks);
        document.addEventListener('formset:added', (event) => {
            limit(event.target, 'affiliation', 'of_speaker', speaker);
            nameSpeakerInAddLinks();
        });
    }
});
