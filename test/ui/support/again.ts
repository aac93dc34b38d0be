/** Does what a person would simply do again when nothing came of it. @throws what the last attempt threw */
export async function again(times: number, attempt: () => Promise<void>): Promise<void> {
  for (let left = times - 1; ; left--)
    try {
      await attempt();
      return;
    } catch (error) {
      if (left <= 0) throw error;
    }
}
