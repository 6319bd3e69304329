/* Small things that every part of the page does. */

export const byId = (id) => document.getElementById(id);

/* An element with a class and children, which are texts or elements: never markup. */
export function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) {
        element.className = className;
    }
    element.append(...children.filter((child) => child !== null && child !== ''));
    return element;
}

export function button(label, className, act) {
    const element = make('button', className, label);
    element.type = 'button';
    element.addEventListener('click', act);
    return element;
}

export function show(element, isShown) {
    element.hidden = !isShown;
}

/* Set what a field says, unless it does already: the place of the cursor in it is not disturbed. */
export function setValue(field, value) {
    if (field.value !== value) {
        field.value = value;
    }
}
