/* A filter that is searched: choosing a record applies it, clearing it takes it off. */
'use strict';
window.addEventListener('load', () => {
    const $ = django.jQuery;
    $('.qb-filter').on('select2:select select2:clear', (event) => {
        const form = event.target.form;
        event.target.disabled = event.type === 'select2:clear';
        form.submit();
    });
});
