/* The box that lists what others changed since the page was shown: it is what the page begins with, and its buttons take
   the others' value into the form. Without this script the values are listed all the same. */
'use strict';
window.addEventListener('load', () => {
    const box = document.getElementById('qb-meanwhile');
    if (!box) {
        return;
    }
    box.focus();

    function setChoice(input, value, label) {
        if (value && ![...input.options].some((option) => option.value === value)) {
            input.add(new Option(label, value));
        }
        input.value = value;
    }

    function take(name, value, label) {
        const input = document.getElementsByName(name)[0];
        if (!input) {
            return null;
        }
        if (input.type === 'checkbox') {
            input.checked = value !== '';
        } else if (input.options) {
            setChoice(input, value, label);
        } else {
            input.value = value;
        }
        django.jQuery(input).trigger('change');
        return input;
    }

    box.querySelectorAll('.qb-take-theirs').forEach((button) => {
        button.hidden = false;
        button.addEventListener('click', () => {
            const taken = [...button.querySelectorAll('data')].map(
                (one) => take(one.dataset.name, one.value, one.textContent));
            const first = taken.find(Boolean);
            button.disabled = true;
            button.firstChild.data = 'Taken';
            if (first) {
                first.focus();
            }
        });
    });
});
