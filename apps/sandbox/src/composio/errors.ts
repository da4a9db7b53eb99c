/** An answer of the emulator that is not a success. The filter writes it in the envelope of the version that was called. */
export class ComposioError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    readonly slug: string | null,
    message: string,
  ) {
    super(message);
  }
}

export const invalidKey = () => new ComposioError(401, 10401, 'HTTP_Unauthorized', 'Invalid API key');
export const badRequest = (message: string, slug = 'ConnectedAccount_BadRequest', code = 600) =>
  new ComposioError(400, code, slug, message);
export const noSuchAccount = (id: string) =>
  new ComposioError(404, 606, 'ConnectedAccount_ResourceNotFound', `Connected account "${id}" not found`);
export const noSuchAuthConfig = (id: string) => new ComposioError(404, 607, 'AuthConfig_NotFound', `Auth config "${id}" not found`);
export const noSuchApp = (slug: string) => new ComposioError(404, 2401, 'Toolkit_ToolkitNotFound', `Toolkit "${slug}" not found`);
export const noSuchTool = (slug: string) => new ComposioError(404, 2301, 'Tool_ToolNotFound', `Tool ${slug} not found`);
