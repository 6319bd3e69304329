/* Names for fields that are searched: select2 builds them without. A screen reader then says "Speaker, Neva Corrin". */
'use strict';
window.addEventListener('load', () => {
    const $ = django.jQuery;

    /* The element that says what the field is: its label, else the hidden select, which carries the name itself. */
    function labelOf(select) {
        const label = select.labels[0];
        if (!label || select.hasAttribute('aria-label')) {
            return select;
        }
        label.id = label.id || `${select.id}_label`;
        return label;
    }

    function name(select) {
        const container = $(select).data('select2')?.$container[0];
        const box = container?.querySelector('[role=combobox]');
        const shown = container?.querySelector('.select2-selection__rendered');
        if (box && shown) {
            const label = labelOf(select).id;
            shown.setAttribute('aria-labelledby', label);
            box.setAttribute('aria-labelledby', `${label} ${shown.id}`);
        }
    }

    /* Other scripts build some of them anew at the same events. */
    function nameAll() {
        setTimeout(() => document.querySelectorAll('.select2-hidden-accessible').forEach(name), 0);
    }

    nameAll();
    document.addEventListener('formset:added', nameAll);
    $(document).on('select2:open', (event) => {
        const label = labelOf(event.target);
        const words = label.getAttribute('aria-label') || label.textContent.replace(/:\s*$/, '');
        document.querySelector('.select2-container--open .select2-search__field')?.setAttribute('aria-label', words);
    });
});
