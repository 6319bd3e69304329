/* One button chooses every value of a record at once. Without it each is chosen by itself. */
'use strict';
window.addEventListener('load', () => {
    const form = document.getElementById('qb-merge');
    if (!form) {
        return;
    }
    for (const button of form.querySelectorAll('.qb-take-all')) {
        button.hidden = false;
        button.addEventListener('click', () => {
            for (const radio of form.querySelectorAll(`input[type="radio"][value="${button.dataset.side}"]`)) {
                radio.checked = true;
            }
        });
    }
});
