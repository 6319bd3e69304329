/* Requests to the server. What it refuses is an answer; that it cannot be reached, or that nobody is logged in any more, is not:
   then nothing was said about the work, which stays where it is. */

const PATIENCE = 20000;

/* The server said no: `status`, and `body` with code, detail and errors by member. */
export class Refused extends Error {
    constructor(status, body) {
        super(body.detail);
        this.status = status;
        this.body = body;
    }
}

/* Nothing came of it: `reason` is away, session or user. */
export class Away extends Error {
    constructor(reason, detail = '') {
        super(detail || reason);
        this.reason = reason;
    }
}

function cookie(name) {
    const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

export class Server {
    constructor(base, user, token) {
        this.base = base;
        this.user = user;
        this.token = token;
    }

    get(path, parameters = {}) {
        return this.ask('GET', `${path}?${new URLSearchParams(parameters)}`);
    }

    post(path, body) {
        return this.ask('POST', path, body);
    }

    async ask(method, path, body) {
        /* The token changes at each log-in, so the cookie's is the one that counts. */
        const headers = {'X-Quotebase-User': String(this.user), 'X-CSRFToken': cookie('csrftoken') || this.token};
        const options = {method, headers, redirect: 'manual', credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE)};
        if (body !== undefined) {
            headers['Content-Type'] = 'application/json';
            options.body = JSON.stringify(body);
        }
        let response;
        try {
            response = await fetch(this.base + path, options);
        } catch (error) {
            throw new Away('away');
        }
        return this.read(response);
    }

    async read(response) {
        if (response.type === 'opaqueredirect' || response.status === 401) {
            throw new Away('session');
        }
        const isJson = (response.headers.get('Content-Type') ?? '').startsWith('application/json');
        if (!isJson) {
            throw new Away(response.status === 403 ? 'session' : 'away');
        }
        let answer;
        try {
            answer = await response.json();
        } catch (error) {
            throw new Away('away');
        }
        if (answer.code === 'another_user') {
            throw new Away('user', answer.detail);
        }
        if (!response.ok) {
            throw new Refused(response.status, answer);
        }
        return answer;
    }
}
