import './app';
import { adoptStyles } from '../controls/styles';
import { Session } from './session';

adoptStyles();
const app = document.createElement('flowdeck-runs');
const session = new Session();
document.body.append(Object.assign(app, { session }));
// Asked before anything is drawn: the server's answer takes longest.
void session.start();
