/* What each command of keys.js does. */

import {byId} from './page.js';

const STANCES = ['support', 'oppose', 'mixed', 'neutral', 'unclear', 'not_addressed'];
const SOURCES = ['person', 'organization', 'unnamed', 'document'];
const KINDS = ['direct', 'partial', 'indirect'];

export function commandsOf(page) {
    const {work, selecting} = page;
    return {
        sentenceDown: () => selecting.sentence(1),
        sentenceUp: () => selecting.sentence(-1),
        extendDown: () => selecting.extend(1),
        extendUp: () => selecting.extend(-1),
        endRight: () => selecting.end(1),
        endLeft: () => selecting.end(-1),
        startRight: () => selecting.start(1),
        startLeft: () => selecting.start(-1),
        mark: () => work.mark(),
        wholeSelection: () => work.mark({isWhole: true}),
        addSegment: () => work.addSegment(),
        accept: () => work.accept(),
        reject: () => work.reject(),
        speaker: () => page.toSpeaker(),
        lastSpeaker: () => page.sameSpeaker(),
        affiliation: () => work.form.capacities.focus(),
        source: () => page.cycle('source_type', SOURCES),
        kind: () => page.cycle('kind', KINDS),
        edit: () => { byId('wb-more').open = true; byId('wb-cue').focus(); },
        topic: () => byId('wb-topic').focus(),
        final: () => work.final(),
        saveAndGoOn: () => work.saveAndGoOn(),
        next: () => work.goOn(1),
        previous: () => work.goOn(-1),
        nextArticle: () => page.toArticle('next'),
        previousArticle: () => page.toArticle('previous'),
        review: () => page.review(),
        undo: () => work.undo.run(),
        help: () => page.help.open(),
        leave: () => { page.choosing.forget(); page.leave(); },
        ...Object.fromEntries(STANCES.map((stance) => [stance, () => work.code(stance)])),
    };
}
