/* Places in a text. The database counts Unicode code points, the browser UTF-16 units; an emoji is one of the first and two of
   the second. Which units are the second halves is looked up in a list made once, so that no event walks the whole text. */

/* How many numbers of the ascending list are smaller than the value. */
function below(list, value) {
    let low = 0;
    let high = list.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (list[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

export class Offsets {
    constructor(text) {
        this.text = text;
        this.pairs = [];
        for (const match of text.matchAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)) {
            this.pairs.push(match.index);
        }
        this.pairPoints = this.pairs.map((unit, number) => unit - number);
    }

    /* Units → code points. */
    points(unit) {
        return unit - below(this.pairs, unit);
    }

    /* Code points → units. */
    units(point) {
        return point + below(this.pairPoints, point);
    }

    /* The words of a segment, which is counted in code points. */
    words([start, end]) {
        return this.text.slice(this.units(start), this.units(end));
    }
}
