import { Front } from './front';
import { openScene, type Scene, type SceneOptions } from './scene';

/**
 * A scene whose server is asked through a gateway that can hold a question for as long as all themes take.
 * @param fill a Python program that logs what there is before VS Code opens
 */
export function openFrontScene(
  fill: string,
  options: Pick<SceneOptions, 'folder'>,
  opened: (scene: Scene, front: Front) => unknown,
): void {
  const settings: Record<string, unknown> = { 'flowdeck.http.timeoutSeconds': 300 };
  let front: Front;
  openScene(
    {
      ...options,
      connected: false,
      settings,
      fill: async ({ server, atEnd }) => {
        await server.python(fill);
        front = await Front.start(server.uri);
        atEnd(() => front.goAway());
        settings['flowdeck.trackingUri'] = front.uri;
      },
    },
    (scene) => opened(scene, front),
  );
}
