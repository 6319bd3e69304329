/* A file that is too large is told before it is sent; and what is under way is not begun a second time. */
'use strict';
(() => {
    const form = document.getElementById('qb-import');
    const file = form && form.querySelector('input[type="file"]');
    if (file) {
        const note = document.getElementById('qb-too-large');
        const button = form.querySelector('button[value="look"]');
        file.addEventListener('change', () => {
            const isTooLarge = [...file.files].some((one) => one.size > Number(form.dataset.most));
            note.hidden = !isTooLarge;
            button.disabled = isTooLarge;
            file.toggleAttribute('aria-invalid', isTooLarge);
        });
    }
    for (const one of document.querySelectorAll('#qb-import, #qb-bring-in')) {
        let isLeaving = false;
        one.addEventListener('submit', (event) => {
            if (isLeaving) {
                event.preventDefault();
                return;
            }
            isLeaving = true;
            one.setAttribute('aria-busy', 'true');
        });
        /* Back from the next page, the browser may show this one as it was left. */
        window.addEventListener('pageshow', () => {
            isLeaving = false;
            one.removeAttribute('aria-busy');
        });
    }
})();
